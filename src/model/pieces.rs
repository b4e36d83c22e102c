//! A vector that grows without moving: in pieces, so that it never holds twice what it has to.

/// Items of a piece.
const PIECE: usize = 1 << 11;

/// Items by number, and texts of theirs.
#[derive(Debug)]
pub struct Pieces<T> {
    pieces: Vec<Vec<T>>,
    len: usize,
}

impl<T> Default for Pieces<T> {
    fn default() -> Self {
        Pieces { pieces: Vec::new(), len: 0 }
    }
}

impl<T> Pieces<T> {
    /// Adds an item; its number.
    pub fn push(&mut self, item: T) -> usize {
        match self.pieces.last_mut().filter(|piece| piece.len() < PIECE) {
            Some(piece) => piece.push(item),
            None => {
                // The first grows as it must: most runs have few.
                let mut piece = Vec::with_capacity(if self.pieces.is_empty() { 0 } else { PIECE });
                piece.push(item);
                self.pieces.push(piece);
            }
        }
        self.len += 1;
        self.len - 1
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// An item by its number.
    pub fn get(&self, number: usize) -> Option<&T> {
        self.pieces.get(number / PIECE)?.get(number % PIECE)
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, number: usize) -> Option<&mut T> {
        self.pieces.get_mut(number / PIECE)?.get_mut(number % PIECE)
    }

    /// All items in order.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.pieces.iter().flatten()
    }
}

/// Texts one after the other.
#[derive(Debug, Default)]
pub struct Texts {
    pieces: Vec<String>,
}

/// Where a text stands among [`Texts`].
#[derive(Clone, Copy, Debug)]
pub struct TextPlace {
    piece: u32,
    start: u32,
    len: u32,
}

impl Texts {
    /// Bytes of a piece, unless one text is longer.
    const BYTES: usize = 1 << 16;

    /// Adds a text; past 2^48 bytes nothing is kept of it.
    pub fn push(&mut self, text: &str) -> TextPlace {
        if self.pieces.last().is_none_or(|piece| piece.len() + text.len() > Texts::BYTES.max(piece.capacity())) {
            let room = if self.pieces.is_empty() { text.len() } else { text.len().max(Texts::BYTES) };
            self.pieces.push(String::with_capacity(room));
        }
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let piece = number(self.pieces.len() - 1);
        let start = self.pieces.last_mut().map_or(0, |piece| {
            piece.push_str(text);
            piece.len() - text.len()
        });
        TextPlace { piece, start: number(start), len: number(text.len()) }
    }

    /// The text at a place.
    pub fn get(&self, place: TextPlace) -> Option<&str> {
        let start = place.start as usize;
        self.pieces.get(place.piece as usize)?.get(start..start + place.len as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn items_are_found_by_number() {
        let mut items = Pieces::default();
        assert!(items.is_empty() && items.get(0).is_none());
        let many = 3 * PIECE + 7;
        for n in 0..many {
            assert_eq!(items.push(n), n);
        }
        *items.get_mut(PIECE).unwrap() = 1;
        assert_eq!((items.len(), items.get(PIECE), items.get(many - 1), items.get(many)), (many, Some(&1), Some(&(many - 1)), None));
        assert_eq!(items.iter().count(), many);
    }

    proptest! {
        #[test]
        fn texts_are_found_where_they_stand(texts in prop::collection::vec((".{0,9}", 0_usize..9000), 0..60)) {
            let texts: Vec<String> = texts.into_iter().map(|(text, times)| text.repeat(times)).collect();
            let mut all = Texts::default();
            let places: Vec<TextPlace> = texts.iter().map(|text| all.push(text)).collect();
            for (place, text) in places.iter().zip(&texts) {
                prop_assert_eq!(all.get(*place), Some(text.as_str()));
            }
        }
    }
}
