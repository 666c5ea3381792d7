// Tokens, certificates and exec plugins are ready at once; these three bring OpenID and JSONPath libraries, loaded when a kubeconfig asks for them.
export const OpenIDConnectAuth = lazyAuthenticator('oidc', async () => {
  const library = await import('./oidc_auth.js');
  return new library.OpenIDConnectAuth();
});

export const AzureAuth = lazyAuthenticator('azure', async () => {
  const library = await import('./azure_auth.js');
  return new library.AzureAuth();
});

export const GoogleCloudPlatformAuth = lazyAuthenticator('gcp', async () => {
  const library = await import('./gcp_auth.js');
  return new library.GoogleCloudPlatformAuth();
});

function lazyAuthenticator(provider, load) {
  return class {
    isAuthProvider(user) {
      return user.authProvider?.name === provider;
    }

    async applyAuthentication(user, options) {
      this.authenticator ??= load();
      await (await this.authenticator).applyAuthentication(user, options);
    }
  };
}
