/**
 * Who owns a setting of which an account or a region has only one. `create`: this stack. `external`: somebody else,
 * such as a landing zone; nothing is made, so that two owners cannot undo each other's work.
 */
export type AccountSingleton = "create" | "external";
