//! Who shares a question.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;

use tokio::sync::{mpsc, oneshot};

use super::super::freshness::Freshness;
use crate::backend::{BoxFuture, Error, Result};

/// A question that waits for its answer.
type Question = oneshot::Sender<u64>;

/// Shows each question that is asked, and answers it when the test does.
fn question(asked: &mpsc::UnboundedSender<Question>) -> impl Fn() -> BoxFuture<'static, Result<u64>> + Send + 'static {
    let asked = asked.clone();
    move || {
        let (answer, answered) = oneshot::channel();
        asked.send(answer).unwrap();
        Box::pin(async { answered.await.map_err(|_| Error::Unavailable("gone".to_owned())) })
    }
}

/// Lets a future begin.
async fn begin<F: Future>(mut future: Pin<&mut F>) {
    poll_fn(|cx| {
        assert!(future.as_mut().poll(cx).is_pending());
        Poll::Ready(())
    })
    .await;
}

#[tokio::test]
async fn who_comes_later_waits_for_the_next_question() {
    let freshness = Arc::new(Freshness::default());
    let (asked, mut questions) = mpsc::unbounded_channel();
    let ask = || Box::pin(freshness.ask(question(&asked)));
    let (mut one, mut two, mut three, mut four) = (ask(), ask(), ask(), ask());
    begin(one.as_mut()).await;
    begin(two.as_mut()).await;
    let first = questions.recv().await.unwrap();
    begin(three.as_mut()).await;
    begin(four.as_mut()).await;
    // If there were another task that asks, it would do so now.
    tokio::task::yield_now().await;
    assert!(questions.try_recv().is_err(), "one question at a time");
    first.send(5).unwrap();
    assert_eq!((one.await, two.await), (Ok(5), Ok(5)));
    let second = questions.recv().await.unwrap();
    second.send(6).unwrap();
    assert_eq!((three.await, four.await), (Ok(6), Ok(6)));
    assert!(questions.try_recv().is_err(), "nobody is left to ask for");
}

/// Else who comes while etcd is silent would wait for two questions that fail.
#[tokio::test]
async fn a_question_that_fails_is_not_asked_again() {
    let freshness = Arc::new(Freshness::default());
    let (asked, mut questions) = mpsc::unbounded_channel();
    let (mut one, mut later) = (Box::pin(freshness.ask(question(&asked))), Box::pin(freshness.ask(question(&asked))));
    begin(one.as_mut()).await;
    let first = questions.recv().await.unwrap();
    begin(later.as_mut()).await;
    drop(first);
    let failed = Err(Error::Unavailable("gone".to_owned()));
    assert_eq!(one.await, failed);
    tokio::task::yield_now().await;
    assert!(questions.try_recv().is_err(), "nobody is left to ask for");
    assert_eq!(later.await, failed);
    let mut next = Box::pin(freshness.ask(question(&asked)));
    begin(next.as_mut()).await;
    questions.recv().await.unwrap().send(5).unwrap();
    assert_eq!(next.await, Ok(5));
}

#[tokio::test]
async fn a_question_whose_caller_has_left_goes_on_for_the_others() {
    let freshness = Arc::new(Freshness::default());
    let (asked, mut questions) = mpsc::unbounded_channel();
    let (mut left, mut stayed) = (Box::pin(freshness.ask(question(&asked))), Box::pin(freshness.ask(question(&asked))));
    begin(left.as_mut()).await;
    begin(stayed.as_mut()).await;
    drop(left);
    questions.recv().await.unwrap().send(5).unwrap();
    assert_eq!(stayed.await, Ok(5));
}

/// A runtime that ends takes the question with it; the next caller asks anew.
#[test]
fn the_end_of_a_runtime_ends_its_questions() {
    let freshness = Arc::new(Freshness::default());
    let (asked, mut questions) = mpsc::unbounded_channel();
    let runtime = || tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut waiting = Box::pin(freshness.ask(question(&asked)));
    let ended = runtime();
    ended.block_on(begin(waiting.as_mut()));
    let held = ended.block_on(questions.recv()).unwrap();
    drop(ended);
    assert!(matches!(runtime().block_on(waiting), Err(Error::Unavailable(_))));
    drop(held);
    runtime().block_on(async {
        let mut next = pin!(freshness.ask(question(&asked)));
        begin(next.as_mut()).await;
        questions.recv().await.unwrap().send(7).unwrap();
        assert_eq!(next.await, Ok(7));
    });
}
