//! Typed indices. Every long-lived object is a row of a table; an [`Id`] names the row and cannot
//! be used with a table of another kind. There is no reference graph.

use std::fmt;
use std::marker::PhantomData;

/// The position of a `T` in its table. Small, `Copy`, ordered as the table is.
pub struct Id<T> {
    index: u32,
    kind: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    /// The id of row `index`.
    ///
    /// # Panics
    /// If `index` does not fit 32 bits; scenarios are limited far below that.
    #[must_use]
    pub fn new(index: usize) -> Self {
        let index = u32::try_from(index).expect("tables are limited to far fewer rows than 2^32");
        Id { index, kind: PhantomData }
    }

    /// The row number.
    #[must_use]
    pub fn index(self) -> usize {
        self.index as usize
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.index.cmp(&other.index)
    }
}
impl<T> std::hash::Hash for Id<T> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.index.hash(state);
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.index)
    }
}

/// One value of type `V` for every row of the table of `T`.
pub struct Column<T, V> {
    values: Vec<V>,
    kind: PhantomData<fn() -> T>,
}

impl<T, V> Column<T, V> {
    /// A column over `values`, row by row.
    #[must_use]
    pub fn new(values: Vec<V>) -> Self {
        Column { values, kind: PhantomData }
    }

    /// Appends a row and names it.
    pub fn push(&mut self, value: V) -> Id<T> {
        self.values.push(value);
        Id::new(self.values.len() - 1)
    }

    /// Takes away all rows from number `count` on.
    pub fn truncate(&mut self, count: usize) {
        self.values.truncate(count);
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The ids of all rows, in order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = Id<T>> + ExactSizeIterator + use<T, V> {
        (0..self.values.len()).map(Id::new)
    }

    /// The values, in row order.
    pub fn iter(&self) -> std::slice::Iter<'_, V> {
        self.values.iter()
    }

    /// Ids and values, in row order.
    pub fn pairs(&self) -> impl Iterator<Item = (Id<T>, &V)> {
        self.values.iter().enumerate().map(|(row, value)| (Id::new(row), value))
    }

    /// The values as a slice.
    #[must_use]
    pub fn as_slice(&self) -> &[V] {
        &self.values
    }
}

impl<T, V: Clone> Clone for Column<T, V> {
    fn clone(&self) -> Self {
        Column::new(self.values.clone())
    }

    fn clone_from(&mut self, source: &Self) {
        self.values.clone_from(&source.values);
    }
}

impl<T, V: PartialEq> PartialEq for Column<T, V> {
    fn eq(&self, other: &Self) -> bool {
        self.values == other.values
    }
}

impl<T, V: Eq> Eq for Column<T, V> {}

impl<T, V: fmt::Debug> fmt::Debug for Column<T, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.values.fmt(f)
    }
}

impl<T, V> Default for Column<T, V> {
    fn default() -> Self {
        Column::new(Vec::new())
    }
}

impl<T, V> FromIterator<V> for Column<T, V> {
    fn from_iter<I: IntoIterator<Item = V>>(values: I) -> Self {
        Column::new(values.into_iter().collect())
    }
}

impl<T, V> std::ops::Index<Id<T>> for Column<T, V> {
    type Output = V;
    fn index(&self, id: Id<T>) -> &V {
        &self.values[id.index()]
    }
}

impl<T, V> std::ops::IndexMut<Id<T>> for Column<T, V> {
    fn index_mut(&mut self, id: Id<T>) -> &mut V {
        &mut self.values[id.index()]
    }
}
