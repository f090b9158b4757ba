package org.spiredoctor.registration;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.identity.Selector;
import org.yaml.snakeyaml.nodes.MappingNode;

/** Reads the selectors of an entry. */
final class Selectors {
  private static final String RIGHT = "; a selector is type:value, as k8s:ns:apps";

  private Selectors() {}

  /** All that are right, each once. */
  static Set<Selector> of(List<Value> values, EntryField.Form form) {
    Map<Selector, Integer> lines = new LinkedHashMap<>();
    for (Value value : values) {
      Optional<Selector> read = form == EntryField.Form.SPIRE_JSON ? ofParts(value) : ofText(value);
      read.ifPresent(
          selector -> {
            Integer first = lines.putIfAbsent(selector, value.line());
            if (first != null) {
              value.wrong(quote(selector) + " is given twice, first in line " + first);
            }
          });
    }
    return Set.copyOf(lines.keySet());
  }

  private static Optional<Selector> ofText(Value value) {
    if (value.node() instanceof MappingNode) {
      // "- k8s: ns:apps" is one, and looks nearly right.
      value.wrong("a map is not a selector; write type:value, with no space after the colon");
      return Optional.empty();
    }
    return value.parsed(
        text -> {
          if (text.indexOf(':') < 0) {
            throw new WrongValue(WrongValue.quote(text) + " has no value" + RIGHT);
          }
          return checked(Selector.parse(text));
        });
  }

  /** SPIRE's JSON has type and value apart. */
  private static Optional<Selector> ofParts(Value value) {
    return value
        .fields()
        .flatMap(
            fields -> {
              fields.refuseOthers(List.of("type", "value"), Set.of());
              Optional<String> type = part(fields, "type");
              Optional<String> rest = part(fields, "value");
              if (type.isEmpty() || rest.isEmpty()) {
                return Optional.empty();
              }
              try {
                return Optional.of(checked(new Selector(type.get(), rest.get())));
              } catch (WrongValue e) {
                value.wrong(e.text());
                return Optional.empty();
              }
            });
  }

  private static Optional<String> part(Fields fields, String name) {
    return fields
        .required(name, "a selector has a type and a value")
        .flatMap(value -> value.parsed(text -> text));
  }

  private static Selector checked(Selector selector) throws WrongValue {
    if (selector.type().isEmpty()) {
      throw new WrongValue(quote(selector) + " has no type" + RIGHT);
    }
    if (selector.value().isEmpty()) {
      throw new WrongValue(quote(selector) + " has no value" + RIGHT);
    }
    if (selector.type().indexOf(':') >= 0) {
      throw new WrongValue(
          "the type " + WrongValue.quote(selector.type()) + " holds a colon, which no type does");
    }
    if (selector.type().codePoints().anyMatch(Selectors::isSpace)) {
      throw new WrongValue("there is white space in the type of " + quote(selector) + RIGHT);
    }
    return selector;
  }

  private static boolean isSpace(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  private static String quote(Selector selector) {
    return WrongValue.quote(selector.toString());
  }
}
