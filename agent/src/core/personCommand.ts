/** What a person told an incident to do. */
export type PersonCommand = 'acknowledge' | 'close' | 'recover' | 'approve' | 'deny';
