//! Recently used streams, bounded. What it holds may be old: the journal's guard finds that out.

use std::num::NonZeroUsize;

use bytes::Bytes;
use domain::{Position, StreamId};
use lru::LruCache;
use parking_lot::Mutex;

use super::stream::Loaded;
use crate::Stored;

pub(super) struct Cache(Mutex<LruCache<StreamId, Cached>>);

#[derive(Clone)]
enum Cached {
    /// Of a stream that this process began, its one record: most such streams are not written again soon, and to fold it takes a microsecond.
    Begun(Position, Bytes),
    Loaded(Box<Loaded>),
}

impl Cache {
    pub(super) fn new(streams: usize) -> Self {
        Self(Mutex::new(LruCache::new(NonZeroUsize::new(streams).unwrap_or(NonZeroUsize::MIN))))
    }

    pub(super) fn get(&self, stream: &StreamId) -> Option<Loaded> {
        let cached = self.0.lock().get(stream).cloned()?;
        match cached {
            Cached::Loaded(loaded) => Some(*loaded),
            // One that cannot be folded would be found damaged by whoever loads it.
            Cached::Begun(position, body) => Loaded::begun(&Stored { position, stream: *stream, body }).ok(),
        }
    }

    pub(super) fn put(&self, stream: StreamId, loaded: Loaded) {
        self.put_cached(stream, Cached::Loaded(Box::new(loaded)));
    }

    /// The first record of a stream.
    pub(super) fn put_begun(&self, stream: StreamId, position: Position, body: Bytes) {
        self.put_cached(stream, Cached::Begun(position, body));
    }

    fn put_cached(&self, stream: StreamId, cached: Cached) {
        // What it takes the place of is dropped when others may go on.
        let _before = self.0.lock().push(stream, cached);
    }
}
