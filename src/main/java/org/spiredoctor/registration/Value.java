package org.spiredoctor.registration;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A value in a file. What asks it for a shape that it has not gets nothing, and the problem is
 * noted.
 *
 * @param path of it in its document; empty for the document itself
 */
record Value(Node node, String path, Problems problems) {

  /** Longer than anything that SPIRE takes. */
  private static final int LONGEST = 16 * 1024;

  /** Makes something of a text, or says what is wrong with it. */
  interface Parser<T> {
    T parse(String text) throws WrongValue;
  }

  /** Counted from 1. */
  int line() {
    return line(node);
  }

  static int line(Node node) {
    return node.getStartMark().getLine() + 1;
  }

  /** Whether nothing is written there, or {@code null}: the same as leaving the field out. */
  boolean isNull() {
    return node.getTag().equals(Tag.NULL);
  }

  void wrong(String text) {
    problems.add(line(), path, text);
  }

  /** What the parser makes of a single value; a number or a truth value is its text. */
  <T> Optional<T> parsed(Parser<T> parser) {
    if (!(node instanceof ScalarNode scalar)) {
      wrong("a single value is wanted here, not " + shape());
      return Optional.empty();
    }
    try {
      if (scalar.getValue().length() > LONGEST) {
        throw new WrongValue(
            "is %,d characters long; no value has more than %,d"
                .formatted(scalar.getValue().length(), LONGEST));
      }
      if (scalar.getValue().chars().anyMatch(Character::isISOControl)) {
        throw new WrongValue("holds a control character, such as a line break");
      }
      return Optional.of(parser.parse(scalar.getValue()));
    } catch (WrongValue e) {
      wrong(e.text());
      return Optional.empty();
    }
  }

  /** Whether it is true; false also where it is neither. */
  boolean flag() {
    return parsed(
            text -> {
              boolean yes = text.equalsIgnoreCase("true");
              // In quotation marks it is a text: so may be a word that only looks like one.
              if (!(yes || text.equalsIgnoreCase("false")) || !((ScalarNode) node).isPlain()) {
                throw new WrongValue(
                    WrongValue.quote(text)
                        + " is neither true nor false; write true or false, without quotation"
                        + " marks");
              }
              return yes;
            })
        .orElse(false);
  }

  boolean isEmptyList() {
    return node instanceof SequenceNode list && list.getValue().isEmpty();
  }

  /** The items of a list. */
  List<Value> items() {
    if (!(node instanceof SequenceNode list)) {
      wrong("a list is wanted here, not " + shape());
      return List.of();
    }
    List<Value> items = new ArrayList<>();
    for (Node item : list.getValue()) {
      items.add(new Value(item, path + "[" + items.size() + "]", problems));
    }
    return items;
  }

  /** The fields of a map. */
  Optional<Fields> fields() {
    if (!(node instanceof MappingNode map)) {
      wrong("a map of fields is wanted here, not " + shape());
      return Optional.empty();
    }
    return Optional.of(Fields.of(map, this));
  }

  private String shape() {
    return switch (node) {
      case MappingNode _ -> "a map";
      case SequenceNode _ -> "a list";
      default -> isNull() ? "nothing" : "a single value";
    };
  }
}
