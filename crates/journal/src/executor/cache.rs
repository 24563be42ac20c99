//! Recently used streams, bounded. What it holds may be old: the journal's guard finds that out.

use std::num::NonZeroUsize;

use domain::StreamId;
use lru::LruCache;
use parking_lot::Mutex;

use super::stream::Loaded;

pub(super) struct Cache(Mutex<LruCache<StreamId, Loaded>>);

impl Cache {
    pub(super) fn new(streams: usize) -> Self {
        Self(Mutex::new(LruCache::new(NonZeroUsize::new(streams).unwrap_or(NonZeroUsize::MIN))))
    }

    pub(super) fn get(&self, stream: &StreamId) -> Option<Loaded> {
        self.0.lock().get(stream).cloned()
    }

    pub(super) fn put(&self, stream: StreamId, loaded: Loaded) {
        self.0.lock().put(stream, loaded);
    }
}
