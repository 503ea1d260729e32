//! The file: opened again, by others, and what is no such file.

use std::fs;

use super::*;

#[tokio::test]
async fn what_was_written_is_there_when_it_is_opened_again() {
    let folder = Folder::new();
    let store = Redb::open(folder.file()).unwrap();
    assert_eq!(store.current_revision().await, Ok(1));
    let a = put(&store, "a", Expect::Absent, "1").await;
    let b = put(&store, "b", Expect::Absent, "1").await;
    let a = put(&store, "a", Expect::Revision(a), "2").await;
    store.commit(write("b", Expect::Revision(b), None)).await.unwrap();
    let (before, changes) = (listed(&store).await, told(&store, 1).await);
    let mut watch = store.watch("", a).await.unwrap();
    store.close().await;
    assert!(matches!(store.get("a").await, Err(Error::Unavailable(_))));
    assert!(matches!(store.commit(write("a", Expect::Absent, None)).await, Err(Error::Unavailable(_))));
    assert!(matches!(watch.next().await, Err(Error::Unavailable(_))));

    let store = Redb::open(folder.file()).unwrap();
    assert_eq!(store.current_revision().await, Ok(5));
    assert_eq!(listed(&store).await, before);
    assert_eq!(told(&store, 1).await, changes);
    assert_eq!(told(&store, a).await, changes[3..]);
    let old = store.range(Range { revision: Some(3), ..Range::default() }).await.unwrap();
    assert_eq!(old.items.len(), 2);
    assert_eq!(put(&store, "b", Expect::Absent, "again").await, 6);
}

#[tokio::test]
async fn what_is_compacted_stays_so() {
    let folder = Folder::new();
    let store = Redb::open(folder.file()).unwrap();
    for number in 0..4 {
        put(&store, &number.to_string(), Expect::Absent, "x").await;
    }
    store.compact(4).await.unwrap();
    store.close().await;
    let store = Redb::open(folder.file()).unwrap();
    let at = |revision| Range { revision: Some(revision), ..Range::default() };
    assert_eq!(store.range(at(3)).await, Err(Error::Compacted { oldest: 4 }));
    assert_eq!(store.range(at(4)).await.unwrap().items.len(), 3);
    assert!(matches!(store.watch("", 3).await, Err(Error::Compacted { oldest: 4 })));
}

#[tokio::test]
async fn it_is_closed_with_its_last_handle() {
    let folder = Folder::new();
    let store = Redb::open(folder.file()).unwrap();
    let mut watch = store.watch("", 1).await.unwrap();
    let other = store.clone();
    drop(store);
    put(&other, "a", Expect::Absent, "x").await;
    assert_eq!(watch.next().await.unwrap().revision, 2);
    drop(other);
    assert!(matches!(watch.next().await, Err(Error::Unavailable(_))));
}

#[tokio::test]
async fn another_one_is_refused() {
    let folder = Folder::new();
    let store = Redb::open(folder.file()).unwrap();
    let error = Redb::open(folder.file()).unwrap_err();
    assert!(matches!(error, OpenError::InUse { .. }), "{error:?}");
    let text = format!("{} is open in another process; only one can have it open", folder.file().display());
    assert_eq!(error.to_string(), text);
    put(&store, "a", Expect::Absent, "x").await;
    store.close().await;
    assert_eq!(Redb::open(folder.file()).unwrap().current_revision().await, Ok(2));
}

#[test]
fn a_newer_format_is_refused() {
    let folder = Folder::new();
    let database = ::redb::Database::create(folder.file()).unwrap();
    let newer = tables::Meta { format: tables::FORMAT + 1, ..tables::Meta::NEW };
    tables::store(&database, newer, &[], &[]).unwrap();
    drop(database);
    let error = Redb::open(folder.file()).unwrap_err();
    let text = "is in format 2, this program reads format 1; a newer one may have written it";
    assert!(error.to_string().ends_with(text), "{error}");
}

#[test]
fn what_is_no_such_file_is_left_as_it_is() {
    let folder = Folder::new();
    for content in ["some text, and no database at all".as_bytes(), &[0; 10_000], b"x"] {
        fs::write(folder.file(), content).unwrap();
        let error = Redb::open(folder.file()).unwrap_err();
        assert!(matches!(error, OpenError::Foreign { .. }), "{error:?}");
        assert_eq!(fs::read(folder.file()).unwrap(), content);
    }
    fs::remove_file(folder.file()).unwrap();
    let other = ::redb::TableDefinition::<u64, u64>::new("of another program");
    let database = ::redb::Database::create(folder.file()).unwrap();
    let transaction = database.begin_write().unwrap();
    transaction.open_table(other).unwrap().insert(1, 2).unwrap();
    transaction.commit().unwrap();
    drop(database);
    let error = Redb::open(folder.file()).unwrap_err();
    assert!(matches!(error, OpenError::Foreign { .. }), "{error:?}");
}

#[test]
fn what_cannot_be_opened_says_which_file_and_why() {
    let folder = Folder::new();
    let error = Redb::open(&folder.0).unwrap_err();
    assert!(matches!(error, OpenError::Io { .. }), "{error:?}");
    assert!(error.to_string().starts_with(&folder.0.display().to_string()), "{error}");
    let error = Redb::open(folder.0.join("none/store.redb")).unwrap_err();
    assert!(matches!(error, OpenError::Io { .. }), "{error:?}");
}

#[tokio::test]
async fn a_new_file_is_its_owners_and_is_all_that_is_made() {
    let folder = Folder::new();
    let store = Redb::open(folder.file()).unwrap();
    put(&store, "a", Expect::Absent, "x").await;
    let names: Vec<_> = fs::read_dir(&folder.0).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(names, [folder.file()]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(folder.file()).unwrap().permissions().mode() & 0o777, 0o600);
    }
    // An empty file is one that somebody has made for it.
    let empty = folder.0.join("empty");
    fs::write(&empty, "").unwrap();
    assert_eq!(Redb::open(empty).unwrap().current_revision().await, Ok(1));
}

/// Whatever is damaged, opening and reading end with an answer.
#[tokio::test]
async fn a_damaged_file_is_an_error_or_reads_as_it_was() {
    let folder = Folder::new();
    let store = Redb::open(folder.file()).unwrap();
    for number in 0..200 {
        put(&store, &number.to_string(), Expect::Absent, &"x".repeat(1000)).await;
    }
    store.close().await;
    let whole = fs::read(folder.file()).unwrap();
    for page in 0..whole.len() / 4096 {
        let mut damaged = whole.clone();
        damaged[page * 4096..][..4096].iter_mut().for_each(|byte| *byte ^= 0x5A);
        fs::write(folder.file(), damaged).unwrap();
        let Ok(store) = Redb::open(folder.file()) else { continue };
        let _ = store.range(Range::default()).await;
        store.close().await;
    }
    fs::write(folder.file(), &whole[..whole.len() / 2]).unwrap();
    let error = Redb::open(folder.file()).unwrap_err();
    assert!(matches!(error, OpenError::Damaged { .. } | OpenError::Io { .. }), "{error:?}");
}
