package org.spiredoctor.run.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A strategic merge patch of a pod, as {@code kubectl --override-type=strategic} applies it: maps
 * are merged, null deletes a field, lists are merged where a pod's are, and replaced elsewhere.
 *
 * <p>Its directives are honoured: {@code $patch} ({@code merge}, which kubectl refuses, is what
 * happens without it), {@code $retainKeys}, {@code $deleteFromPrimitiveList/…} and {@code
 * $setElementOrder/…}. What is not in the order of a merged list already comes before what is
 * untouched, as with kubectl: an init container that is added by a patch runs first.
 *
 * <p>Beyond kubectl, a volume has one source: a patch that gives it another one replaces the old.
 */
public final class StrategicPatch {
  static final String DIRECTIVE = "$patch";

  private static final String RETAIN = "$retainKeys";
  private static final String DELETE_ITEMS = "$deleteFromPrimitiveList/";
  private static final String ORDER = "$setElementOrder/";

  private StrategicPatch() {}

  /**
   * Applies a patch.
   *
   * @return a new pod; the one given stays as it is
   * @throws IllegalArgumentException with the place and what is wrong there
   */
  public static ObjectNode apply(ObjectNode pod, JsonNode patch) {
    ObjectNode patched = pod.deepCopy();
    merge(PatchPlace.POD, patched, object(PatchPlace.POD, patch));
    return patched;
  }

  /** Nothing of the patch becomes part of the other: what is put there is copied. */
  static void merge(PatchPlace at, ObjectNode into, ObjectNode patch) {
    switch (PatchDirective.of(at, patch)) {
      case MERGE -> mergeFields(at, into, patch);
      case REPLACE -> {
        into.removeAll();
        mergeFields(at, into, patch);
      }
      // Even when there is more: so it is with kubectl.
      case DELETE -> into.removeAll();
    }
  }

  /** What a patch adds: it has nothing to merge with, but neither nulls nor directives stay. */
  static JsonNode added(PatchPlace at, JsonNode patch) {
    return switch (patch) {
      case ObjectNode object -> {
        ObjectNode added = JsonNodeFactory.instance.objectNode();
        merge(at, added, object);
        yield added;
      }
      case ArrayNode list -> ListPatch.merged(at, noList(), list, list);
      default -> patch;
    };
  }

  static ObjectNode object(PatchPlace at, JsonNode node) {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw at.wrong("must be an object");
  }

  private static void mergeFields(PatchPlace at, ObjectNode into, ObjectNode patch) {
    Set<String> names = new LinkedHashSet<>();
    patch.fieldNames().forEachRemaining(name -> directive(at, name, into, patch, names));
    if (at.isVolume()) {
      keepOneSource(into, names, patch);
    }
    for (String name : names) {
      put(at.field(name), name, into, patch);
    }
  }

  /** Carries one out, or collects the names of what is to be merged. */
  private static void directive(
      PatchPlace at, String name, ObjectNode into, ObjectNode patch, Set<String> names) {
    if (name.equals(RETAIN)) {
      retain(at, into, patch);
    } else if (name.startsWith(DELETE_ITEMS)) {
      String list = name.substring(DELETE_ITEMS.length());
      if (into.get(list) instanceof ArrayNode old) {
        ListPatch.delete(old, list(at.field(name), patch.path(name)));
      }
    } else if (name.startsWith(ORDER)) {
      String list = name.substring(ORDER.length());
      if (at.field(list).mergeKey().isEmpty()) {
        throw at.field(name).wrong("this list is not merged, and has no order to set");
      }
      names.add(list);
    } else if (!name.startsWith("$")) {
      names.add(name);
    } else if (!name.equals(DIRECTIVE)) {
      throw at.field(name).wrong("is no directive of a strategic merge patch");
    }
  }

  private static void retain(PatchPlace at, ObjectNode into, ObjectNode patch) {
    Set<String> retained = new LinkedHashSet<>();
    list(at.field(RETAIN), patch.path(RETAIN)).forEach(name -> retained.add(name.asText()));
    patch
        .properties()
        .forEach(
            field -> {
              String name = field.getKey();
              if (!name.startsWith("$") && !field.getValue().isNull() && !retained.contains(name)) {
                throw at.wrong("'" + name + "' is given, but is not among its " + RETAIN);
              }
            });
    into.retain(retained);
  }

  private static void keepOneSource(ObjectNode volume, Set<String> names, ObjectNode patch) {
    if (names.stream().anyMatch(name -> !name.equals("name") && !patch.path(name).isNull())) {
      Set<String> kept = new LinkedHashSet<>(names);
      kept.add("name");
      volume.retain(kept);
    }
  }

  private static void put(PatchPlace at, String name, ObjectNode into, ObjectNode patch) {
    JsonNode old = into.path(name);
    boolean fresh = old.isMissingNode() || old.isNull();
    // A list may be given an order and nothing else.
    JsonNode value = patch.has(name) ? patch.path(name) : noList();
    if (value.isNull()) {
      into.remove(name);
    } else if (at.mergeKey().isPresent() || (!fresh && old.isArray())) {
      ArrayNode list = list(at, value);
      ArrayNode order = patch.has(ORDER + name) ? list(at, patch.path(ORDER + name)) : list;
      if (!fresh || patch.has(name)) {
        into.set(name, ListPatch.merged(at, fresh ? noList() : list(at, old), list, order));
      }
    } else if (fresh) {
      into.set(name, added(at, value));
    } else if (old instanceof ObjectNode object) {
      merge(at, object, object(at, value));
    } else if (value.isContainerNode()) {
      throw at.wrong("must be a plain value");
    } else {
      into.set(name, value);
    }
  }

  private static ArrayNode noList() {
    return JsonNodeFactory.instance.arrayNode();
  }

  private static ArrayNode list(PatchPlace at, JsonNode node) {
    if (node instanceof ArrayNode list) {
      return list;
    }
    throw at.wrong("must be a list");
  }
}
