export interface SlimPackage {
  readonly name: string;
  /** The folder with the package's JavaScript; only the files directly in it are staged. */
  readonly folder: string;
  /** Import specifier, as the package writes it, to the file in replacements/ that takes its place. */
  readonly replacements: Readonly<Record<string, string>>;
}

/** Packages that load far more than the actions use. Start-up time follows the size of what V8 has to compile. */
export const SLIM_PACKAGES: readonly SlimPackage[] = [
  {
    name: '@kubernetes/client-node',
    folder: 'dist',
    replacements: {
      undici: 'unreachable.js',
      socks: 'unreachable.js',
      'socks-proxy-agent': 'unreachable.js',
      './gen/index.js': 'unreachable.js',
      './middleware.js': 'unreachable.js',
      './oidc_auth.js': 'lazy-authenticators.js',
      './azure_auth.js': 'lazy-authenticators.js',
      './gcp_auth.js': 'lazy-authenticators.js',
    },
  },
  {
    name: '@actions/core',
    folder: 'lib',
    replacements: {
      './oidc-utils.js': 'unreachable.js',
      './platform.js': 'unreachable.js',
      fs: 'plain-files.js',
    },
  },
  {
    name: '@actions/github',
    folder: 'lib',
    replacements: {
      './context.js': 'plain-octokit.js',
      './internal/utils.js': 'plain-octokit.js',
      '@octokit/plugin-rest-endpoint-methods': 'plain-octokit.js',
      '@octokit/plugin-paginate-rest': 'plain-octokit.js',
    },
  },
];
