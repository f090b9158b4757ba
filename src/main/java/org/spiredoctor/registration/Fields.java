package org.spiredoctor.registration;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.identity.Suggestions;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** The fields of a map in a file. */
final class Fields {
  private final Value map;
  private final Map<String, Node> keys = new LinkedHashMap<>();
  private final Map<String, Value> values = new LinkedHashMap<>();

  private Fields(Value map) {
    this.map = map;
  }

  static Fields of(MappingNode node, Value map) {
    Fields fields = new Fields(map);
    node.getValue().forEach(fields::add);
    return fields;
  }

  private void add(NodeTuple field) {
    Node key = field.getKeyNode();
    if (!(key instanceof ScalarNode scalar)) {
      map.problems().add(Value.line(key), map.path(), "the name of a field is a single word");
      return;
    }
    String name = scalar.getValue();
    String path = pathOf(name);
    Node first = keys.putIfAbsent(name, key);
    if (first == null) {
      values.put(name, new Value(field.getValueNode(), path, map.problems()));
    } else {
      // YAML would let the last one win: one of the two is not what its writer believes.
      map.problems()
          .add(Value.line(key), path, "is given twice, first in line " + Value.line(first));
    }
  }

  private String pathOf(String name) {
    String last = WrongValue.shortened(name);
    return map.path().isEmpty() ? last : map.path() + "." + last;
  }

  boolean has(String name) {
    return keys.containsKey(name);
  }

  /** Its value, where it is given. */
  Optional<Value> get(String name) {
    return Optional.ofNullable(values.get(name)).filter(value -> !value.isNull());
  }

  /** Its value; where it is not given, that is a problem. */
  Optional<Value> required(String name, String what) {
    Optional<Value> value = get(name);
    if (value.isEmpty()) {
      map.problems().add(map.line(), pathOf(name), "is missing: " + what);
    }
    return value;
  }

  /** Names each field that is neither known nor to be ignored. */
  void refuseOthers(Collection<String> known, Set<String> ignored) {
    keys.forEach(
        (name, key) -> {
          if (!known.contains(name) && !ignored.contains(name)) {
            map.problems().add(Value.line(key), map.path(), unknown(name, known));
          }
        });
  }

  private static String unknown(String name, Collection<String> known) {
    if (name.equals("<<")) {
      return "merge keys (<<) are not read; write the fields out, or share a list with an alias";
    }
    return "unknown field "
        + WrongValue.quote(name)
        + Suggestions.nearest(name, known)
            .map(meant -> "; did you mean '" + meant + "'?")
            .orElse("; the fields are " + String.join(", ", known));
  }
}
