/** What a request is about, in the words of messages and of RBAC rules. */
export interface Subject {
  /** As shown to the user: `deployment shop/web`. */
  readonly title: string;
  readonly verb: 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete';
  readonly group: '' | 'apps' | 'autoscaling' | 'policy';
  readonly resource: string;
}

/** The rule that a Role needs for the request, in the words of a Role. */
export function roleRule({ group, resource, verb }: Subject): string {
  return `apiGroups ["${group}"], resources ["${resource}"], verbs ["${verb}"]`;
}
