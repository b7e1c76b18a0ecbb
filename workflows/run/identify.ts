import type { Person } from '../contract/person.ts';
import { anonymous, findApprover } from './people.ts';
import type { Request } from './requests.ts';

/** Who stands behind a signal; null when it could be anybody and the environment names its approvers. */
export const identify = (request: Request, approvers: readonly string[]): Person | null => {
  if (request.by) return request.by;
  if (approvers.length === 0)
    return request.name ? { id: request.name.toLowerCase(), name: request.name } : anonymous;
  const id = request.name ? findApprover(request.name, approvers) : null;
  return id && request.name ? { id: id.toLowerCase(), name: request.name } : null;
};
