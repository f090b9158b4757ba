package org.spiredoctor.run.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a patch says of an object as a whole. */
enum PatchDirective {
  MERGE,
  REPLACE,
  DELETE;

  static PatchDirective of(PatchPlace at, ObjectNode patch) {
    JsonNode given = patch.path(StrategicPatch.DIRECTIVE);
    if (given.isMissingNode()) {
      return MERGE;
    }
    return switch (given.asText()) {
      case "merge" -> MERGE;
      case "replace" -> REPLACE;
      case "delete" -> DELETE;
      default ->
          throw at.field(StrategicPatch.DIRECTIVE)
              .wrong("must be merge, replace or delete, and is " + given);
    };
  }
}
