// How a plan travels from the job that makes it to the one that applies it.
export const PLAN = "plan.tfplan";
export const SEALED = "plan.sealed.json";
export const CIPHER = "aes-256-gcm";
