//! Futures that seldom wake, beside others in a task that often does.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

/// A future that is polled only when it has asked for it, and not each time that its task is.
///
/// What waits for an end that is common to many tasks takes a lock that they share whenever it is polled.
pub(crate) struct Seldom<F> {
    future: Pin<Box<F>>,
    asked: Option<Arc<Asked>>,
}

/// Whether the future is to be polled, and the task that does it.
struct Asked {
    is_asked: AtomicBool,
    task: Waker,
}

impl Wake for Asked {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.is_asked.store(true, Ordering::Release);
        self.task.wake_by_ref();
    }
}

impl<F: Future> Seldom<F> {
    pub(crate) fn new(future: F) -> Self {
        Self { future: Box::pin(future), asked: None }
    }

    /// As that of a future; not to be called again once it was ready.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<F::Output> {
        let known = self.asked.as_ref().filter(|asked| asked.task.will_wake(cx.waker()));
        let asked = match known {
            Some(asked) if !asked.is_asked.load(Ordering::Acquire) => return Poll::Pending,
            Some(asked) => Arc::clone(asked),
            None => Arc::new(Asked { is_asked: AtomicBool::new(true), task: cx.waker().clone() }),
        };
        // Before the poll: it may be asked for again in between.
        asked.is_asked.store(false, Ordering::Release);
        self.asked = Some(Arc::clone(&asked));
        self.future.as_mut().poll(&mut Context::from_waker(&Waker::from(asked)))
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::sync::atomic::AtomicUsize;

    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn it_is_polled_when_it_has_asked_and_not_with_its_task() {
        let (tell, mut told) = oneshot::channel();
        let polls = AtomicUsize::new(0);
        let counted = poll_fn(|cx| {
            polls.fetch_add(1, Ordering::Relaxed);
            Pin::new(&mut told).poll(cx)
        });
        let (mut seldom, mut tell) = (Seldom::new(counted), Some(tell));
        let mut rounds = 0;
        let received = poll_fn(|cx| {
            let polled = seldom.poll(cx);
            if polled.is_pending() && rounds < 3 {
                rounds += 1;
                cx.waker().wake_by_ref();
            } else if let Some(tell) = tell.take() {
                // Nothing else wakes the task now.
                tell.send(7).unwrap();
            }
            polled
        });
        assert_eq!(received.await, Ok(7));
        assert_eq!((rounds, polls.into_inner()), (3, 2));
    }

    #[tokio::test]
    async fn another_task_is_woken_where_it_was_moved_to_one() {
        let (tell, told) = oneshot::channel();
        let mut seldom = Seldom::new(told);
        poll_fn(|cx| {
            assert!(seldom.poll(cx).is_pending());
            Poll::Ready(())
        })
        .await;
        let moved = tokio::spawn(async move { poll_fn(|cx| seldom.poll(cx)).await });
        tokio::task::yield_now().await;
        tell.send(()).unwrap();
        moved.await.unwrap().unwrap();
    }
}
