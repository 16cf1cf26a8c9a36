/**
 * Listens to SIGINT and SIGTERM: the first asks for an end, the second ends the process at once,
 * with exit code 3.
 *
 * @see spec/connectors/execution.md, section 9
 */
export function onSignal(ask: (signal: NodeJS.Signals) => void): void {
  let isAsked = false;
  const listen = (signal: NodeJS.Signals) => {
    if (isAsked) process.exit(3);
    isAsked = true;
    ask(signal);
  };
  process.on('SIGINT', listen);
  process.on('SIGTERM', listen);
}
