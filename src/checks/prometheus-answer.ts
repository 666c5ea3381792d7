export interface Sample {
  /** `{job="web"}` */
  readonly labels: string;
  readonly value: number;
}

type Json = Readonly<Record<string, unknown>>;

/** The samples in an answer to an instant query, or why there is no such answer and what to do. */
export function readSamples(
  status: number,
  text: string,
): { readonly samples: readonly Sample[] } | { readonly problem: string } {
  const answer = parse(text);
  if (status === 401 || status === 403)
    return { problem: `Prometheus answers ${status}; check the check's headers, it wants other credentials` };
  if (answer?.['status'] === 'error') {
    const { errorType, error } = answer;
    const advice = errorType === 'bad_data' || errorType === 'execution' ? 'correct the query' : 'try again later';
    return { problem: `Prometheus answers ${errorType}: ${error}; ${advice}` };
  }
  if (status !== 200) return { problem: `it answers ${status}; check that the url is that of a Prometheus` };
  if (answer?.['status'] !== 'success' || !isJson(answer['data']))
    return { problem: 'the answer is not that of Prometheus; check the url' };
  const { resultType, result } = answer['data'];
  if (resultType === 'scalar') return samplesOf([{ metric: {}, value: result }]);
  if (resultType === 'vector' && Array.isArray(result)) return samplesOf(result);
  return { problem: `the query gives a ${resultType}; it must give an instant vector or a scalar` };
}

function samplesOf(series: readonly unknown[]): { readonly samples: readonly Sample[] } | { readonly problem: string } {
  const samples = series.map(sampleOf);
  const known = samples.filter((sample) => sample !== undefined);
  if (known.length === samples.length) return { samples: known };
  return { problem: 'the query gives histograms; take a quantile or a count of them' };
}

function sampleOf(series: unknown): Sample | undefined {
  const { metric, value } = isJson(series) ? series : {};
  if (!Array.isArray(value) || typeof value[1] !== 'string') return undefined;
  const labels = Object.entries(isJson(metric) ? metric : {}).map(([name, label]) => `${name}="${label}"`);
  return { labels: `{${labels.join(', ')}}`, value: numberOf(value[1]) };
}

/** As Prometheus writes a float: `0.5`, `1e+06`, `NaN`, `+Inf`, `-Inf`. */
function numberOf(text: string): number {
  return Number(text.replace(/Inf$/, 'Infinity'));
}

function parse(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJson(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
