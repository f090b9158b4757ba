package org.spiredoctor.evidence.cluster;

import java.util.List;
import java.util.stream.Stream;

/** A value of a configuration in HCL, or in JSON, which HCL takes too. */
sealed interface Hcl {

  /** A string, a number or a truth value. */
  record Text(String text) implements Hcl {}

  /** A list. */
  record Items(List<Hcl> items) implements Hcl {}

  /** A block or a map: a label of a block is a key in it. */
  record Block(List<Field> content) implements Hcl {}

  /** What a block holds; a key may come again. */
  record Field(String key, Hcl value) {}

  /** What stands under a key, in the order of the text: HCL looks into lists of blocks as well. */
  default Stream<Hcl> at(String key) {
    return fields().filter(field -> field.key().equalsIgnoreCase(key)).map(Field::value);
  }

  /** What blocks hold. */
  default Stream<Field> fields() {
    return switch (this) {
      case Text _ -> Stream.empty();
      case Items(List<Hcl> items) -> items.stream().flatMap(Hcl::fields);
      case Block(List<Field> content) -> content.stream();
    };
  }

  /** Its strings, numbers and truth values. */
  default Stream<String> texts() {
    return switch (this) {
      case Text(String text) -> Stream.of(text);
      case Items(List<Hcl> items) -> items.stream().flatMap(Hcl::texts);
      case Block _ -> Stream.empty();
    };
  }
}
