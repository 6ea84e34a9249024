/** People who use the console, and what they may do. */

export const roles = ['admin', 'operator', 'reviewer', 'auditor', 'member'] as const
export type Role = (typeof roles)[number]

export interface Person {
  id: number
  email: string
  name: string
  role: Role
  createdAt: number
}
