//! What is in the file.
//!
//! A change is a row in `changes`, with its key, and one in `values` unless it deletes. Both are in the order of the
//! revisions, so that a commit only appends: to write the rows of a group costs as many pages as they fill, whatever
//! their keys are. Which keys there are is kept in memory, and read from `changes` when the file is opened, which is
//! small beside `values`. Rows stay until no state that is held has them.

use bytes::Bytes;
use redb::{Database, ReadTransaction, ReadableDatabase, ReadableTable, TableDefinition, TableError, WriteTransaction};

use crate::backend::Change;

/// The revision of each change that is held: whether it deleted its key, and the key.
const CHANGES: TableDefinition<u64, (bool, &str)> = TableDefinition::new("changes");
const VALUES: TableDefinition<u64, &[u8]> = TableDefinition::new("values");
const META: TableDefinition<&str, u64> = TableDefinition::new("meta");

/// How the tables are laid out. A later program raises it when an earlier one would read them wrongly.
pub(super) const FORMAT: u64 = 1;

/// What the file says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Meta {
    pub(super) format: u64,
    /// The revision of the last commit.
    pub(super) revision: u64,
    /// The oldest revision that can be read.
    pub(super) oldest: u64,
}

impl Meta {
    pub(super) const NEW: Self = Self { format: FORMAT, revision: 1, oldest: 1 };
}

/// A row of the table of changes, without its revision.
pub(super) struct Row {
    pub(super) deleted: bool,
    pub(super) key: String,
}

/// What the file says of itself; `None` if it is of another program, or new.
pub(super) fn meta(transaction: &ReadTransaction) -> Result<Option<Meta>, redb::Error> {
    let table = match transaction.open_table(META) {
        Ok(table) => table,
        Err(TableError::TableDoesNotExist(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let number = |name| Ok::<_, redb::Error>(table.get(name)?.map(|number| number.value()));
    let (Some(format), Some(revision), Some(oldest)) = (number("format")?, number("revision")?, number("oldest")?)
    else {
        return Ok(None);
    };
    Ok(Some(Meta { format, revision, oldest }))
}

/// Whether there are no tables.
pub(super) fn is_new(transaction: &ReadTransaction) -> Result<bool, redb::Error> {
    Ok(transaction.list_tables()?.next().is_none() && transaction.list_multimap_tables()?.next().is_none())
}

/// Every change in the order of the revisions.
pub(super) fn each_change(
    transaction: &ReadTransaction,
    mut each: impl FnMut(u64, bool, &str),
) -> Result<(), redb::Error> {
    for row in transaction.open_table(CHANGES)?.iter()? {
        let (revision, row) = row?;
        let (deleted, key) = row.value();
        each(revision.value(), deleted, key);
    }
    Ok(())
}

/// The first changes behind a revision, at most `most` of them.
pub(super) fn changes(transaction: &ReadTransaction, after: u64, most: usize) -> Result<Vec<(u64, Row)>, redb::Error> {
    let table = transaction.open_table(CHANGES)?;
    let rows = table.range(after.saturating_add(1)..)?.take(most);
    rows.map(|row| {
        let (revision, row) = row?;
        let (deleted, key) = row.value();
        Ok((revision.value(), Row { deleted, key: key.to_owned() }))
    })
    .collect()
}

/// The values that were written at some revisions, which are the quicker read the better they are in order.
pub(super) fn values(
    transaction: &ReadTransaction,
    revisions: impl IntoIterator<Item = u64>,
    mut each: impl FnMut(Bytes),
) -> Result<(), redb::Error> {
    let table = transaction.open_table(VALUES)?;
    for revision in revisions {
        let Some(value) = table.get(revision)? else {
            return Err(redb::Error::Corrupted(format!("the value of revision {revision} is missing")));
        };
        each(Bytes::copy_from_slice(value.value()));
    }
    Ok(())
}

/// Appends changes and removes the rows that nobody needs, all or nothing, and gives when that is on the disk.
pub(super) fn store(database: &Database, meta: Meta, changes: &[Change], gone: &[u64]) -> Result<(), redb::Error> {
    let mut transaction = database.begin_write()?;
    // The file can be opened at once after a kill. It costs a second sync, which has its use when one fails: the
    // state on the disk changes by the second, when all that it refers to has been seen safe by the first.
    transaction.set_quick_repair(true);
    append(&transaction, meta, changes, gone)?;
    Ok(transaction.commit()?)
}

fn append(transaction: &WriteTransaction, meta: Meta, changes: &[Change], gone: &[u64]) -> Result<(), redb::Error> {
    let mut rows = transaction.open_table(CHANGES)?;
    let mut values = transaction.open_table(VALUES)?;
    for change in changes {
        rows.insert(change.revision, (change.value.is_none(), &*change.key))?;
        if let Some(value) = &change.value {
            values.insert(change.revision, &**value)?;
        }
    }
    for revision in gone {
        rows.remove(revision)?;
        values.remove(revision)?;
    }
    let mut table = transaction.open_table(META)?;
    table.insert("format", meta.format)?;
    table.insert("revision", meta.revision)?;
    table.insert("oldest", meta.oldest)?;
    Ok(())
}

/// The file as it is now.
pub(super) fn view(database: &Database) -> Result<ReadTransaction, redb::Error> {
    Ok(database.begin_read()?)
}
