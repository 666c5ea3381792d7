import { dump, load } from 'js-yaml';

interface Document {
  readonly jobs: Readonly<Record<string, object>>;
}

/**
 * A workflow in which one job fails before any of its own steps. That is all that the jobs after it see of a reviewer who
 * rejected it, of one who never came, and of a runner that was lost; act asks no reviewers.
 */
export function withFailingJob(workflow: string, job: string): string {
  const document = load(workflow) as Document;
  const failing = document.jobs[job];
  if (!failing) throw new Error(`there is no job ${job}`);
  const jobs = { ...document.jobs, [job]: { ...failing, steps: [{ run: 'exit 1' }] } };
  return dump({ ...document, jobs }, { lineWidth: -1 });
}
