package org.spiredoctor.evidence.cluster;

import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;

/** A part of a regular expression: where it may end, for all the places where it may begin. */
sealed interface GoRegexpPart {
  /** For a namespace's name, of at most 63 characters, honest patterns take a few hundred. */
  int MOST_STEPS = 100_000;

  /** The places after this part. */
  BitSet after(BitSet places, Text text);

  /** Whether it is found anywhere. */
  default boolean isIn(String text) {
    BitSet all = new BitSet();
    all.set(0, text.length() + 1);
    return !after(all, new Text(text)).isEmpty();
  }

  /** The pattern takes longer than an honest one. */
  final class TooManyStepsException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** A text, and how often it was looked at. */
  final class Text {
    private final String value;
    private int steps;

    Text(String value) {
      this.value = value;
    }

    private void step() {
      steps++;
      if (steps > MOST_STEPS) {
        throw new TooManyStepsException();
      }
    }
  }

  /** One character. */
  record One(Predicate<String> character) implements GoRegexpPart {
    @Override
    public BitSet after(BitSet places, Text text) {
      BitSet after = new BitSet();
      for (int at = places.nextSetBit(0); at >= 0; at = places.nextSetBit(at + 1)) {
        text.step();
        if (at < text.value.length() && character.test(text.value.substring(at, at + 1))) {
          after.set(at + 1);
        }
      }
      return after;
    }
  }

  /** No character, but a place, such as the end of the text. */
  record Place(Where where) implements GoRegexpPart {
    /** Which places. */
    interface Where {
      boolean is(String text, int at);
    }

    @Override
    public BitSet after(BitSet places, Text text) {
      BitSet after = new BitSet();
      for (int at = places.nextSetBit(0); at >= 0; at = places.nextSetBit(at + 1)) {
        text.step();
        after.set(at, where.is(text.value, at));
      }
      return after;
    }
  }

  /** One part after the other. */
  record Sequence(List<GoRegexpPart> parts) implements GoRegexpPart {
    @Override
    public BitSet after(BitSet places, Text text) {
      text.step();
      BitSet now = places;
      for (GoRegexpPart part : parts) {
        now = part.after(now, text);
      }
      return now;
    }
  }

  /** One part or another. */
  record Choice(List<GoRegexpPart> parts) implements GoRegexpPart {
    @Override
    public BitSet after(BitSet places, Text text) {
      BitSet after = new BitSet();
      for (GoRegexpPart part : parts) {
        text.step();
        after.or(part.after(places, text));
      }
      return after;
    }
  }

  /** The same part again and again; once more changes nothing from some number on. */
  record Repeat(GoRegexpPart part, int least, int most) implements GoRegexpPart {
    @Override
    public BitSet after(BitSet places, Text text) {
      BitSet now = places;
      for (int n = 0; n < least; n++) {
        text.step();
        BitSet next = part.after(now, text);
        if (next.equals(now)) {
          break;
        }
        now = next;
      }
      BitSet all = (BitSet) now.clone();
      for (int n = least; n < most && !now.isEmpty(); n++) {
        text.step();
        now = part.after(now, text);
        now.andNot(all);
        all.or(now);
      }
      return all;
    }
  }
}
