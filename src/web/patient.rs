//! A connection that does not wait for ever: whoever takes nothing of what is written for a while
//! is taken to be gone.

use std::io::{Error, ErrorKind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

use super::tls::Stream;

/// A connection and how long it waits until what is written is taken.
pub(crate) struct Patient {
    stream: Box<dyn Stream>,
    patience: Duration,
    /// The end of waiting, while it waits.
    end: Option<Pin<Box<Sleep>>>,
}

impl Patient {
    /// `stream`, which waits for `patience`.
    pub(crate) fn new(stream: Box<dyn Stream>, patience: Duration) -> Patient {
        Patient { stream, patience, end: None }
    }

    /// What `poll` comes to, or that it waits for too long.
    fn within<T>(
        &mut self,
        task: &mut Context<'_>,
        poll: Poll<Result<T, Error>>,
    ) -> Poll<Result<T, Error>> {
        if poll.is_ready() {
            self.end = None;
            return poll;
        }
        let patience = self.patience;
        let end = self.end.get_or_insert_with(|| Box::pin(sleep(patience)));
        ready!(end.as_mut().poll(task));
        Poll::Ready(Err(ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Patient {
    fn poll_read(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<Result<(), Error>> {
        Pin::new(&mut self.stream).poll_read(task, buffer)
    }
}

impl AsyncWrite for Patient {
    fn poll_write(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<Result<usize, Error>> {
        let poll = Pin::new(&mut self.stream).poll_write(task, bytes);
        self.within(task, poll)
    }

    fn poll_flush(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let poll = Pin::new(&mut self.stream).poll_flush(task);
        self.within(task, poll)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let poll = Pin::new(&mut self.stream).poll_shutdown(task);
        self.within(task, poll)
    }
}

#[cfg(test)]
mod tests {
    use super::Patient;
    use std::future::poll_fn;
    use std::io::{Error, ErrorKind};
    use std::pin::Pin;
    use std::task::{Context, Poll};
    use std::time::Duration;
    use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
    use tokio::runtime::Builder;

    /// Takes so many bytes, and then nothing any more.
    struct Full(usize);

    impl AsyncRead for Full {
        fn poll_read(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            _: &mut ReadBuf<'_>,
        ) -> Poll<Result<(), Error>> {
            Poll::Pending
        }
    }

    impl AsyncWrite for Full {
        fn poll_write(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<Result<usize, Error>> {
            let taken = bytes.len().min(self.0);
            self.0 -= taken;
            if taken == 0 { Poll::Pending } else { Poll::Ready(Ok(taken)) }
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
            Poll::Ready(Ok(()))
        }
    }

    #[test]
    fn whoever_takes_nothing_any_more_is_gone() {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let mut stream = Patient::new(Box::new(Full(3)), Duration::ZERO);
        let written = runtime.block_on(async {
            let first = poll_fn(|task| Pin::new(&mut stream).poll_write(task, b"abcd")).await;
            let second = poll_fn(|task| Pin::new(&mut stream).poll_write(task, b"d")).await;
            [first, second].map(|count| count.map_err(|error| error.kind()))
        });
        assert_eq!(written, [Ok(3), Err(ErrorKind::TimedOut)]);
    }
}
