// What leaves a job sealed: plans, from the job that makes them to the one that applies them, and a state that could not be saved.
export const PLAN = "plan.tfplan";
/** Where Terraform leaves a state that it could not save. */
export const UNSAVED = "errored.tfstate";
/** Each under its own name. */
export const SEALED = { [PLAN]: "plan.sealed.json", [UNSAVED]: "errored.sealed.json" };
export const CIPHER = "aes-256-gcm";

/** What a seal is bound to: neither another stack's file nor another file of the same stack can take its place. */
export function boundTo(stack, file) {
  return Buffer.from(`${stack.name}/${file}`);
}
