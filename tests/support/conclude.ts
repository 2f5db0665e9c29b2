/** The end of a check: prints what is wrong, a line each, or that all is well, and has the process exit with 1 or 0. */
export function conclude(problems: readonly string[], allIsWell: string): void {
  for (const problem of problems) console.log(problem);
  console.log(problems.length === 0 ? allIsWell : `${String(problems.length)} problems.`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
