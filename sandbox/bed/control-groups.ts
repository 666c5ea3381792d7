import { existsSync, mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import { basename, join } from 'node:path';

const root = '/sys/fs/cgroup';

/** The control group that holds those of a bed's pods; it is named for the bed's folder. */
export function controlGroupOf(folder: string): string {
  return `/${basename(folder)}`;
}

/** Makes a bed's control group, in every hierarchy where the machine has several (cgroup v1). */
export function makeControlGroups(folder: string): void {
  for (const path of controlGroups(folder)) mkdirSync(path, { recursive: true });
}

/** Makes the control group of one more node below its bed's. */
export function makeNodeControlGroup(folder: string, node: string): void {
  for (const path of controlGroups(folder)) mkdirSync(join(path, node), { recursive: true });
}

/** Removes a bed's control groups; nothing may run in them. */
export function removeControlGroups(folder: string): void {
  for (const path of controlGroups(folder)) if (existsSync(path)) removeTree(path);
}

function controlGroups(folder: string): readonly string[] {
  return hierarchies().map((hierarchy) => join(hierarchy, controlGroupOf(folder)));
}

function hierarchies(): readonly string[] {
  if (existsSync(join(root, 'cgroup.controllers'))) return [root];
  const names = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return names.map((entry) => join(root, entry.name)).filter((path) => existsSync(join(path, 'cgroup.procs')));
}

function removeTree(path: string): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) removeTree(join(path, entry.name));
  }
  rmdirSync(path);
}
