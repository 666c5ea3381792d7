import type { Deployment, PodTemplate } from './objects.ts';
import { type Service, selectorFor, selectorText, selects } from './service.ts';

/** The two Deployments of a pair, as they are called in public. */
export type Colour = 'blue' | 'green';

export const COLOURS: readonly Colour[] = ['blue', 'green'];

export type Pair<T> = Readonly<Record<Colour, T>>;

/** Which of two Deployments a Service selects, or a clause that says why it cannot be told. */
export type Colouring =
  | { readonly kind: 'found'; readonly live: Colour }
  | { readonly kind: 'unclear'; readonly why: string };

export function otherColour(colour: Colour): Colour {
  return colour === 'blue' ? 'green' : 'blue';
}

/**
 * The colour whose pods the Service selects. Unclear where it selects both or neither, where it could not be pointed at
 * the other one by the same keys, and where the Deployments select each other's pods.
 */
export function liveColour(service: Service, pair: Pair<Deployment>): Colouring {
  const { selector = {} } = service.spec;
  const names = `deployment/${pair.blue.metadata.name} and deployment/${pair.green.metadata.name}`;
  const unclear = (why: string): Colouring => ({ kind: 'unclear', why });
  if (Object.keys(selector).length === 0) return unclear('has no selector, so that it cannot be pointed at a colour');
  if (COLOURS.some((colour) => claims(pair[colour], pair[otherColour(colour)].spec.template)))
    return unclear(`cannot be switched: ${names} select each other's pods; give each selector a label of its own`);
  const [live, ...others] = COLOURS.filter((colour) => selects(service, pair[colour].spec.template));
  const text = selectorText(selector);
  if (others.length > 0)
    return unclear(`selects the pods of both ${names} (${text}); add the label that tells them apart to its selector`);
  if (!live)
    return unclear(`selects the pods of neither ${names} (${text}); point its selector at the one that is to be live`);
  const idle = pair[otherColour(live)];
  if (selectorFor(service, idle.spec.template)) return { kind: 'found', live };
  const missing = Object.keys(selector).filter((key) => idle.spec.template.metadata?.labels?.[key] === undefined);
  return unclear(
    `cannot be switched: the pods of deployment/${idle.metadata.name} have no label ${missing.join(', ')}, which it selects by`,
  );
}

/**
 * A template of one colour as the other colour has it: with the labels by which the other's Deployment and the Service
 * find its pods. Whatever else it holds comes along.
 */
export function recoloured(template: PodTemplate, onto: Deployment, service: Service): PodTemplate {
  const labels = onto.spec.template.metadata?.labels ?? {};
  const keys = [...Object.keys(onto.spec.selector.matchLabels ?? {}), ...Object.keys(service.spec.selector ?? {})];
  const own = Object.fromEntries(keys.flatMap((key) => (labels[key] === undefined ? [] : [[key, labels[key]]])));
  return { ...template, metadata: { ...template.metadata, labels: { ...template.metadata?.labels, ...own } } };
}

/** Whether a Deployment's own selector fits pods of a template. */
function claims({ spec: { selector } }: Deployment, template: PodTemplate): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector;
  const labels = template.metadata?.labels ?? {};
  const wanted = Object.entries(matchLabels);
  return wanted.length > 0 && matchExpressions.length === 0 && wanted.every(([key, value]) => labels[key] === value);
}
