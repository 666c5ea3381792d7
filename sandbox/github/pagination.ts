import type { Call } from './call.ts';
import type { Reply } from './reply.ts';
import { REPOSITORY_ID } from './representation.ts';

const MOST = 100;

/** One page of a list, with the Link header where there are more. */
export function page<T>({ query, place, path }: Call, items: readonly T[], toJson: (item: T) => object): Reply {
  const size = Math.min(positive(query['per_page'], 30), MOST);
  const number = positive(query['page'], 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const shown = items.slice((number - 1) * size, number * size).map(toJson);
  const numbered = path.replace(`/repos/${place.repository}/`, `/repositories/${REPOSITORY_ID}/`);
  const to = (target: number, rel: string) => {
    const asked = new URLSearchParams({ ...query, page: String(target) });
    return `<${place.api}${numbered}?${asked}>; rel="${rel}"`;
  };
  const links = [
    ...(number > 1 ? [to(number - 1, 'prev')] : []),
    ...(number < last ? [to(number + 1, 'next'), to(last, 'last')] : []),
    ...(number > 1 ? [to(1, 'first')] : []),
  ];
  return { status: 200, body: shown, ...(links.length > 0 && { headers: { link: links.join(', ') } }) };
}

/** GitHub takes its default for what is no number, and for 0. */
function positive(text: string | undefined, fallback: number): number {
  const number = Number.parseInt(text ?? '', 10);
  return number > 0 ? number : fallback;
}
