//! Many rows by one statement: a row each costs thirty times as much.

use sqlx::{Any, AnyConnection, AssertSqlSafe, any::AnyArguments, query::Query};

/// Placeholders in one statement. SQLite takes 32,766, PostgreSQL 65,535; beyond a few thousand nothing is gained.
const PLACEHOLDERS_MAX: usize = 4_000;

/// `($1, $2), ($3, $4)` for two rows of two columns; `(?, ?), (?, ?)` on SQLite, where the driver looks up the name of each placeholder
/// by a walk over all of them: with 4,000 named ones that was a third of the node's processor time.
pub fn placeholders(connection: &AnyConnection, rows: usize, columns: usize) -> String {
    let named = !connection.backend_name().eq_ignore_ascii_case("sqlite");
    let mut text = String::with_capacity(rows * columns * 6);
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 1..=columns {
            text.push_str(if column == 1 { "" } else { ", " });
            text.push(if named { '$' } else { '?' });
            if named {
                text.push_str(&(row * columns + column).to_string());
            }
        }
        text.push(')');
    }
    text
}

/// Runs `{before} values (…), (…) {after}` over all rows, some hundreds a statement. `bind` binds the columns of one row in order.
///
/// # Errors
/// When the database does not take them.
pub async fn insert_rows<T>(
    connection: &mut AnyConnection,
    (before, columns, after): (&str, usize, &str),
    rows: &[T],
    bind: impl for<'q> Fn(Query<'q, Any, AnyArguments>, &T) -> Query<'q, Any, AnyArguments>,
) -> Result<(), sqlx::Error> {
    for chunk in rows.chunks((PLACEHOLDERS_MAX / columns).max(1)) {
        let sql = format!("{before} values {} {after}", placeholders(connection, chunk.len(), columns));
        // Only full chunks repeat; remembering the others would fill the cache of statements.
        let whole = chunk.len() == PLACEHOLDERS_MAX / columns || chunk.len() == 1;
        let query = chunk.iter().fold(sqlx::query(AssertSqlSafe(sql)).persistent(whole), &bind);
        query.execute(&mut *connection).await?;
    }
    Ok(())
}
