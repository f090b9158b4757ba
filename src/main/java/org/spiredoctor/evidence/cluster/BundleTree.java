package org.spiredoctor.evidence.cluster;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of a bundle. An object of two bytes takes a hundred or more in memory, so what is held
 * is bounded by the number of values, and of fields that are not known nothing is held.
 */
final class BundleTree {
  /** Fewer than in recorded bundles, which have 15 or more. */
  private static final long BYTES_OF_A_TOKEN = 12;

  /**
   * What a value takes in memory, at most about twice as much: 1 GiB of 512 MiB that may be read.
   */
  private static final long BYTES_OF_A_VALUE = 100;

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

  private static final Set<String> KNOWN =
      Set.of(
          "apiVersion",
          "kind",
          "at",
          "cluster",
          "objects",
          "podNamespaces",
          "configMaps",
          "logs",
          "servers",
          "access");

  private BundleTree() {}

  /** The bundle holds more values than fit. */
  static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /**
   * Reads it.
   *
   * @param limit how much it may hold, in bytes
   * @return empty when it is no object
   */
  static ObjectNode read(InputStream in, long limit) throws IOException {
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder().maxTokenCount(limit / BYTES_OF_A_TOKEN).build())
            .build();
    ObjectNode root = MAPPER.createObjectNode();
    try (JsonParser parser = new Counting(factory.createParser(in), limit / BYTES_OF_A_VALUE)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        // Wrong all the same, but what is wrong first is said.
        parser.skipChildren();
        return root;
      }
      Set<String> fields = new HashSet<>();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        boolean known = KNOWN.contains(field);
        if (known && !fields.add(field)) {
          throw new JsonParseException(parser, "Duplicate field '" + field + "'");
        }
        parser.nextToken();
        if (known) {
          root.set(field, MAPPER.<JsonNode>readTree(parser));
        } else {
          parser.skipChildren();
        }
      }
    }
    return root;
  }

  /** Counts the values that are read; what is skipped goes past it. */
  private static final class Counting extends JsonParserDelegate {
    private long left;

    Counting(JsonParser parser, long most) {
      super(parser);
      this.left = most;
    }

    @Override
    public @Nullable JsonToken nextToken() throws IOException {
      JsonToken token = super.nextToken();
      if (token != null && (token.isScalarValue() || token.isStructStart())) {
        left--;
        if (left < 0) {
          throw new TooLargeException();
        }
      }
      return token;
    }
  }
}
