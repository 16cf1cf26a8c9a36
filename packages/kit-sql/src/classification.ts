/** What kind of failure a database reports. */
export type FailureKind =
  | 'timeout'
  | 'connection'
  | 'unique'
  | 'foreign-key'
  | 'not-null'
  | 'check'
  | 'constraint'
  | 'deadlock'
  | 'syntax'
  | 'no-room'
  | 'permission'
  | 'no-table'
  | 'no-column'
  | 'no-unique-key'
  | 'bad-value'
  | 'query';

/**
 * Tells what kind of failure an error of a driver is: by its code if it has one, otherwise by its text.
 *
 * @see spec/connectors/database.md, section 6
 */
export function failureKind(error: unknown): FailureKind {
  const { code, errno, errcode, sqlState, message } = errorParts(error);
  if (typeof errcode === 'number') return ofSqlite(errcode, message);
  if (typeof errno === 'number' && typeof sqlState === 'string') return ofMysql(errno, sqlState);
  if (typeof code === 'string' && isSqlState(code)) return ofSqlState(code);
  if (typeof code === 'string' && code in ofSystem) return ofSystem[code] ?? 'query';
  return ofText(message);
}

/** The code that the database gives its error: SQLSTATE, or a number. */
export function driverCode(error: unknown): string | undefined {
  const { code, errno, errcode, sqlState } = errorParts(error);
  if (typeof errcode === 'number') return String(errcode);
  if (typeof errno === 'number' && typeof sqlState === 'string') return String(errno);
  return typeof code === 'string' ? code : undefined;
}

/** The user or the password is wrong, or the user may not use the database. */
export function isAuthentication(error: unknown): boolean {
  // `pg` itself says so when a password is missing.
  if (/^SASL: .*password/.test(errorParts(error).message)) return true;
  return /^(?:28\w{3}|1044|1045|1698)$/.test(driverCode(error) ?? '');
}

interface ErrorParts {
  readonly code?: unknown;
  readonly errno?: unknown;
  /** The extended result code of SQLite. */
  readonly errcode?: unknown;
  readonly sqlState?: unknown;
  readonly message: string;
}

function errorParts(error: unknown): ErrorParts {
  if (!(error instanceof Error)) return { message: String(error) };
  // A connection that is tried at several addresses fails with one error for each of them.
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  if (first instanceof Error) return first;
  return error;
}

/** `EPIPE` has five capitals too, but every SQLSTATE has a digit. */
function isSqlState(code: string): boolean {
  return /^(?=.*\d)[0-9A-Z]{5}$/.test(code);
}

const ofSystem: Readonly<Record<string, FailureKind>> = {
  ETIMEDOUT: 'timeout',
  ECONNREFUSED: 'connection',
  ECONNRESET: 'connection',
  ECONNABORTED: 'connection',
  EPIPE: 'connection',
  ENOTFOUND: 'connection',
  EAI_AGAIN: 'connection',
  EHOSTUNREACH: 'connection',
  ENETUNREACH: 'connection',
  EMFILE: 'connection',
  ENFILE: 'connection',
  PROTOCOL_CONNECTION_LOST: 'connection',
  PROTOCOL_SEQUENCE_TIMEOUT: 'timeout',
  // Of Node.js, for what SQLite cannot hold: integers of more than 64 bits.
  ERR_INVALID_ARG_VALUE: 'bad-value',
  ERR_INVALID_ARG_TYPE: 'bad-value',
};

/** PostgreSQL, appendix A. */
const states: readonly (readonly [RegExp, FailureKind])[] = [
  [/^(?:57014|55P03|25P03|25P04)$/, 'timeout'],
  [/^(?:08...|57P0.|53300)$/, 'connection'],
  [/^53...$/, 'no-room'],
  [/^23505$/, 'unique'],
  [/^23503$/, 'foreign-key'],
  [/^23502$/, 'not-null'],
  [/^23514$/, 'check'],
  [/^23...$/, 'constraint'],
  [/^(?:40001|40P01)$/, 'deadlock'],
  [/^42601$/, 'syntax'],
  [/^(?:42501|25006)$/, 'permission'],
  [/^42P01$/, 'no-table'],
  [/^42703$/, 'no-column'],
  [/^42P10$/, 'no-unique-key'],
  [/^22...$/, 'bad-value'],
];

function ofSqlState(state: string): FailureKind {
  return states.find(([pattern]) => pattern.test(state))?.[1] ?? 'query';
}

const mysqlNumbers: Readonly<Record<number, FailureKind>> = {
  1205: 'timeout',
  1969: 'timeout',
  3024: 'timeout',
  1040: 'connection',
  1053: 'connection',
  1077: 'connection',
  1152: 'connection',
  1158: 'connection',
  1159: 'connection',
  1160: 'connection',
  1161: 'connection',
  1184: 'connection',
  1927: 'connection',
  2006: 'connection',
  2013: 'connection',
  1062: 'unique',
  1169: 'unique',
  1586: 'unique',
  1216: 'foreign-key',
  1217: 'foreign-key',
  1451: 'foreign-key',
  1452: 'foreign-key',
  1048: 'not-null',
  1364: 'not-null',
  3819: 'check',
  4025: 'check',
  1213: 'deadlock',
  1020: 'deadlock',
  1021: 'no-room',
  1026: 'no-room',
  1037: 'no-room',
  1038: 'no-room',
  1041: 'no-room',
  1114: 'no-room',
  1064: 'syntax',
  1044: 'permission',
  1142: 'permission',
  1143: 'permission',
  1227: 'permission',
  1290: 'permission',
  1370: 'permission',
  1792: 'permission',
  1146: 'no-table',
  1054: 'no-column',
};

function ofMysql(errno: number, sqlState: string): FailureKind {
  const known = mysqlNumbers[errno];
  if (known !== undefined) return known;
  if (sqlState.startsWith('23')) return 'constraint';
  // 1366 wrong value and 1265 data truncated have the general state.
  return sqlState.startsWith('22') || errno === 1366 || errno === 1265 ? 'bad-value' : 'query';
}

/** Extended result codes of constraints. */
const sqliteConstraints: Readonly<Record<number, FailureKind>> = {
  275: 'check',
  787: 'foreign-key',
  1299: 'not-null',
  1555: 'unique',
  2067: 'unique',
  2579: 'unique',
  3091: 'bad-value',
};

/** The low byte of an extended code is the primary one. */
function ofSqlite(errcode: number, message: string): FailureKind {
  switch (errcode & 0xff) {
    case 5: // Somebody else holds the lock for longer than we were to wait.
    case 6:
      return 'timeout';
    case 7:
    case 13:
      return 'no-room';
    case 10:
    case 14:
      return 'connection';
    case 3:
    case 8:
    case 23:
      return 'permission';
    case 18:
    case 20:
      return 'bad-value';
    case 19:
      return sqliteConstraints[errcode] ?? 'constraint';
    case 1:
      return ofSqliteText(message);
    default:
      return 'query';
  }
}

/** `SQLITE_ERROR` stands for all that a statement may have wrong; the texts begin alike. */
function ofSqliteText(message: string): FailureKind {
  if (/^near "|: syntax error$|^incomplete input|^unrecognized token/.test(message)) {
    return 'syntax';
  }
  if (message.startsWith('no such table')) return 'no-table';
  if (message.startsWith('ON CONFLICT clause does not match')) return 'no-unique-key';
  return /^(?:no such column|table .* has no column)/.test(message) ? 'no-column' : 'query';
}

/** For errors that have no code. The order is that of the table in the specification. */
const texts: readonly (readonly [RegExp, FailureKind])[] = [
  [/time(?:d )?out|deadline exceeded/i, 'timeout'],
  [
    /connection (?:refused|reset|closed|terminated|lost)|no such host|network is unreachable|broken pipe|(?:bad|invalid) connection|unexpected eof|server closed|too many open files/i,
    'connection',
  ],
  [/unique constraint|duplicate (?:key|entry)|violates unique/i, 'unique'],
  [/foreign key/i, 'foreign-key'],
  [/not-null|cannot be null/i, 'not-null'],
  [/violates check|check constraint/i, 'check'],
  [/(?:integrity|constraint) violation/i, 'constraint'],
  [/deadlock|serialization failure|could not serialize/i, 'deadlock'],
  [/syntax error|parse error|near "|at or near/i, 'syntax'],
];

function ofText(message: string): FailureKind {
  return texts.find(([pattern]) => pattern.test(message))?.[1] ?? 'query';
}
