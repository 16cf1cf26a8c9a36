const shown = '[REDACTED]';

/**
 * `user:password@`, after a scheme or at the start, as in `app:secret@tcp(db:3306)/shop`. Rather too much
 * than too little: a password may have any sign in it, and a user an `@`.
 */
const userInfo = /^([a-z][a-z0-9+.-]*:\/\/)?(?!file:)([^:/\s?]*):(?!\/\/)(.*)@/is;
/** `password=…` of the key-value form and of a query; the value may be quoted. */
const assignment =
  /((?:^|[\s?&;])(?:[a-z_]*(?:password|passwd|pwd)|_pragma_key|_auth_pass|_auth_crypt)\s*=\s*)(?:'(?:[^'\\]|\\.)*'?|"(?:[^"\\]|\\.)*"?|[^\s&;]*)/gi;

/**
 * Gives an address without its secrets, for logs, previews and messages.
 *
 * @see spec/connectors/database.md, section 2.3
 */
export function maskedAddress(connectionString: string): string {
  return connectionString
    .replace(assignment, (_, name: string) => name + shown)
    .replace(userInfo, (_, scheme: string | undefined, user: string) => {
      return `${scheme ?? ''}${user}:${shown}@`;
    });
}
