package org.spiredoctor.run.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Lists in a strategic merge patch. */
final class ListPatch {
  private final PatchPlace at;
  private final String key;
  private final List<JsonNode> items = new ArrayList<>();

  private ListPatch(PatchPlace at, String key) {
    this.at = at;
    this.key = key;
  }

  /**
   * A list after its patch.
   *
   * @param order items whose order the list is to have
   */
  static ArrayNode merged(PatchPlace at, ArrayNode old, ArrayNode patch, ArrayNode order) {
    List<JsonNode> merged =
        at.mergeKey()
            .map(key -> new ListPatch(at, key).merge(old, patch, order))
            .orElseGet(() -> replaced(at, patch));
    return JsonNodeFactory.instance.arrayNode().addAll(merged);
  }

  /** Deletes items of a list of plain values. */
  static void delete(ArrayNode list, ArrayNode deleted) {
    Set<String> texts = new HashSet<>();
    deleted.forEach(item -> texts.add(item.asText()));
    list.removeIf(item -> item.isValueNode() && texts.contains(item.asText()));
  }

  private static List<JsonNode> replaced(PatchPlace at, ArrayNode patch) {
    List<JsonNode> items = new ArrayList<>();
    for (int i = 0; i < patch.size(); i++) {
      if (!saysReplace(at.item(i), patch.get(i))) {
        items.add(StrategicPatch.added(at.item(i), patch.get(i)));
      }
    }
    return items;
  }

  private List<JsonNode> merge(ArrayNode old, ArrayNode patch, ArrayNode order) {
    old.forEach(items::add);
    List<Integer> toMerge = new ArrayList<>();
    boolean replace = false;
    for (int i = 0; i < patch.size(); i++) {
      if (saysReplace(at.item(i), patch.get(i))) {
        replace = true;
      } else if (!deletes(at.item(i), patch.get(i))) {
        toMerge.add(i);
      }
    }
    if (replace) {
      items.clear();
    }
    List<String> before = items.stream().map(this::keyOrNone).toList();
    // Ports may differ in their protocol alone: only what was there is looked for.
    boolean fresh = items.isEmpty() && !key.equals(PatchPlace.ITSELF);
    for (int i : toMerge) {
      put(at.item(i), patch.get(i), fresh);
    }
    return new ListOrder(before, keys(replace ? JsonNodeFactory.instance.arrayNode() : order))
        .of(items, this::keyOrNone);
  }

  /** An item that says nothing else: with kubectl one that does is lost without a word. */
  private static boolean saysReplace(PatchPlace at, JsonNode item) {
    if (!(item instanceof ObjectNode object)
        || PatchDirective.of(at, object) != PatchDirective.REPLACE) {
      return false;
    }
    if (object.size() > 1) {
      throw at.wrong("'$patch: replace' is of the whole list, and is an item of its own");
    }
    return true;
  }

  private boolean deletes(PatchPlace place, JsonNode item) {
    if (!(item instanceof ObjectNode object)
        || PatchDirective.of(place, object) != PatchDirective.DELETE) {
      return false;
    }
    String deleted = key(place, item);
    items.removeIf(old -> keyOrNone(old).equals(deleted));
    return true;
  }

  private void put(PatchPlace place, JsonNode item, boolean fresh) {
    String name = key(place, item);
    for (JsonNode there : fresh ? List.<JsonNode>of() : items) {
      if (keyOrNone(there).equals(name)) {
        if (there instanceof ObjectNode object) {
          StrategicPatch.merge(place, object, StrategicPatch.object(place, item));
        }
        return;
      }
    }
    items.add(StrategicPatch.added(place, item));
  }

  private String key(PatchPlace place, JsonNode item) {
    if (key.equals(PatchPlace.ITSELF)) {
      if (!item.isValueNode()) {
        throw place.wrong("must be a plain value");
      }
      return item.asText();
    }
    JsonNode name = StrategicPatch.object(place, item).path(key);
    if (name.isValueNode() && !name.isNull()) {
      return name.asText();
    }
    throw place.wrong("a merge needs its '" + key + "'");
  }

  private List<String> keys(ArrayNode order) {
    List<String> keys = new ArrayList<>();
    order.forEach(item -> keys.add(keyOrNone(item)));
    return keys;
  }

  /** What is in the pod already is not judged. */
  private String keyOrNone(JsonNode item) {
    return key.equals(PatchPlace.ITSELF) ? item.asText() : item.path(key).asText();
  }
}
