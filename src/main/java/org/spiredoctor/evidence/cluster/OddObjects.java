package org.spiredoctor.evidence.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.spiredoctor.kube.Kind;
import org.spiredoctor.kube.ObjectList;
import org.spiredoctor.kube.ObjectNames;

/**
 * Objects that Kubernetes cannot hold, so that nothing can be concluded from them.
 *
 * @param count of one kind
 * @param first the first one's name, as it is; untrusted
 * @param why it cannot be held; untrusted
 */
public record OddObjects(Kind kind, int count, String first, String why) {

  /** Objects without them, and what was left out. */
  record Sorted(Map<Kind, Observed<List<JsonNode>>> kept, List<OddObjects> odd) {}

  static Sorted sort(Map<Kind, Observed<List<JsonNode>>> objects) {
    Map<Kind, Observed<List<JsonNode>>> kept = new EnumMap<>(Kind.class);
    List<OddObjects> odd = new ArrayList<>();
    objects.forEach((kind, listed) -> kept.put(kind, listed.map(all -> sort(kind, all, odd))));
    return odd.isEmpty() ? new Sorted(objects, odd) : new Sorted(kept, List.copyOf(odd));
  }

  private static List<JsonNode> sort(Kind kind, List<JsonNode> all, List<OddObjects> odd) {
    ObjectList.Collector kept = new ObjectList.Collector();
    int count = 0;
    String first = "";
    String why = "";
    for (JsonNode object : all) {
      Optional<String> wrong = ObjectNames.wrong(kind, object);
      if (wrong.isEmpty()) {
        kept.add(object);
      } else if (count++ == 0) {
        JsonNode meta = object.path("metadata");
        first = meta.path("namespace").asText() + "/" + meta.path("name").asText();
        why = wrong.get();
      }
    }
    if (count == 0) {
      return all;
    }
    odd.add(new OddObjects(kind, count, first, why));
    return kept.list();
  }
}
