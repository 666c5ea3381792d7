/** What is wrong with an image reference, as a clause that says what to do; undefined for one that a kubelet can read. */
export function imageReferenceProblem(image: string): string | undefined {
  if (image === '') return 'has no image; write container=image';
  if (/[:@]$/.test(image)) return `has nothing after the last "${image.at(-1)}"; is a variable empty?`;
  // https://github.com/distribution/reference: letters, digits and these; brackets for an IPv6 registry.
  if (!/^[A-Za-z0-9[][\w.:/@+[\]-]*$/.test(image) || image.includes('//'))
    return 'is not an image reference; write registry/name:tag';
  return /[A-Z]/.test(repositoryOf(image)) ? 'has capitals in its repository; write it in lower case' : undefined;
}

/** Without registry, tag and digest. */
function repositoryOf(image: string): string {
  const [name = ''] = image.replace(/@.*$/, '').split(/:(?=[^/]*$)/);
  const slash = name.indexOf('/');
  const isRegistry = slash >= 0 && /[.:]|^localhost$/.test(name.slice(0, slash));
  return isRegistry ? name.slice(slash + 1) : name;
}
