/** The URL of the page after this one, from a Link header (RFC 8288) as GitHub writes it. */
export function nextPage(link: string | number | undefined): string | undefined {
  return /<([^<>]+)>;\s*rel="next"/.exec(String(link ?? ''))?.[1];
}
