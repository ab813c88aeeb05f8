// What is installed in this folder, for tests that lie elsewhere.
import { fileURLToPath } from "node:url";

export const load = (name) => import(name);
export const resolve = (name) => fileURLToPath(import.meta.resolve(name));
