//! Reads catalogs from JSON.

/// A reader for the part of JSON that catalogs use: nested objects of texts. A full JSON reader
/// would add five times as many bytes to the page.
pub(super) struct Reader<'a> {
    pub(super) rest: &'a str,
    /// The key of the text that is being read.
    pub(super) key: String,
    pub(super) texts: Vec<(String, String)>,
}

/// Why reading stopped.
pub(super) enum Fault {
    Json,
    Text,
}

impl Reader<'_> {
    pub(super) fn read(&mut self) -> Result<(), Fault> {
        self.expect('{')?;
        // The length of the key of each open object, the outermost first.
        let mut around = vec![0];
        let mut is_first = true;
        while let Some(&length) = around.last() {
            self.key.truncate(length);
            if self.is_next('}') {
                around.pop();
                is_first = false;
                continue;
            }
            if !is_first {
                self.expect(',')?;
            }
            let name = self.text()?;
            if length > 0 {
                self.key.push('.');
            }
            self.key += &name;
            self.expect(':')?;
            is_first = self.is_next('{');
            if is_first {
                around.push(self.key.len());
            } else if self.next() == Some('"') {
                let text = self.text()?;
                let (key, texts) = (self.key.clone(), &mut self.texts);
                match place_of(&key, texts) {
                    Ok(place) => texts[place].1 = text,
                    Err(place) => texts.insert(place, (key, text)),
                }
            } else {
                return Err(if self.next().is_some() { Fault::Text } else { Fault::Json });
            }
        }
        if self.next().is_some() { Err(Fault::Json) } else { Ok(()) }
    }

    /// The next character that is not white space.
    fn next(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start_matches([' ', '\n', '\r', '\t']);
        self.rest.chars().next()
    }

    /// Takes this character if it is next; returns whether it was.
    fn is_next(&mut self, letter: char) -> bool {
        let is_next = self.next() == Some(letter);
        if is_next {
            self.take();
        }
        is_next
    }

    fn expect(&mut self, letter: char) -> Result<(), Fault> {
        if self.is_next(letter) { Ok(()) } else { Err(Fault::Json) }
    }

    fn take(&mut self) -> Option<char> {
        let mut letters = self.rest.chars();
        let letter = letters.next();
        self.rest = letters.as_str();
        letter
    }

    fn text(&mut self) -> Result<String, Fault> {
        self.expect('"')?;
        let mut text = String::new();
        loop {
            text.push(match self.take().ok_or(Fault::Json)? {
                '"' => return Ok(text),
                '\\' => self.escaped().ok_or(Fault::Json)?,
                letter if letter < ' ' => return Err(Fault::Json),
                letter => letter,
            });
        }
    }

    /// The character that an escape sequence stands for.
    fn escaped(&mut self) -> Option<char> {
        Some(match self.take()? {
            letter @ ('"' | '\\' | '/') => letter,
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'u' => {
                let mut code = 0;
                for _ in 0..4 {
                    code = code * 16 + self.take()?.to_digit(16)?;
                }
                // Surrogate pairs are not supported: such characters are written unescaped.
                char::from_u32(code)?
            }
            _ => return None,
        })
    }
}

/// The index of a key in a sorted list, or where to insert it.
pub(super) fn place_of(key: &str, texts: &[(String, String)]) -> Result<usize, usize> {
    texts.binary_search_by(|(other, _)| other.as_str().cmp(key))
}
