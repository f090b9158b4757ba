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
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of a bundle, read as it comes. An object of two bytes takes a hundred or more in memory,
 * so what is held is bounded by an estimate of what it takes; what is not known is skipped, and
 * nothing of it is held.
 */
final class BundleParser implements Closeable {
  /** Fewer than in bundles, where entries with few settings have 9 and anything else 15 or more. */
  private static final long BYTES_OF_A_TOKEN = 6;

  /**
   * What a value takes in memory, at most about twice as much: 1 GiB of 512 MiB that may be read.
   */
  static final long BYTES_OF_A_VALUE = 100;

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

  private final Counting json;

  /**
   * Before the first value.
   *
   * @param limit how much may be held, in bytes
   */
  BundleParser(InputStream in, long limit) throws IOException {
    JsonFactory factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder().maxTokenCount(limit / BYTES_OF_A_TOKEN).build())
            .build();
    this.json = new Counting(factory.createParser(in), limit);
  }

  /** The bundle holds more than fits. */
  static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** Reads the value of a field; false, and nothing is read, for one that is not known. */
  interface Field {
    boolean read(String name) throws IOException;
  }

  /** Reads the item of a list that begins here. */
  interface Item {
    void read() throws IOException;
  }

  /** Keeps an object of a list, in whichever form. */
  interface Keeper {
    /**
     * Keeps it.
     *
     * @param size how many bytes it takes as it is
     * @return how many it takes as it is kept
     */
    long keep(JsonNode object, long size);
  }

  /** Goes to the first value; there may be none. */
  void begin() throws IOException {
    json.nextToken();
  }

  /**
   * Reads the object that begins here, its fields in whatever order. What is no object is like one
   * without fields.
   *
   * @param held the fields that are returned
   * @param others reads those of the others that are known
   */
  ObjectNode object(Set<String> held, Field others) throws IOException {
    ObjectNode object = MAPPER.createObjectNode();
    if (!isObject()) {
      json.skipChildren();
      return object;
    }
    Set<String> known = new HashSet<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      if (known.contains(name)) {
        throw new JsonParseException(json, "Duplicate field '" + name + "'");
      }
      json.nextToken();
      if (held.contains(name)) {
        object.set(name, tree());
        known.add(name);
      } else if (others.read(name)) {
        known.add(name);
      } else {
        json.skipChildren();
      }
    }
    return object;
  }

  /** Whether the value that begins here is an object. */
  boolean isObject() {
    return json.hasToken(JsonToken.START_OBJECT);
  }

  /**
   * Reads the list that begins here.
   *
   * @return false when it is none
   */
  boolean list(Item item) throws IOException {
    if (!json.hasToken(JsonToken.START_ARRAY)) {
      json.skipChildren();
      return false;
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      item.read();
    }
    return true;
  }

  /**
   * Reads the objects of the list that begins here.
   *
   * @return false when it is no list, or not all of its items are objects
   */
  boolean objects(Keeper keeper) throws IOException {
    boolean[] all = {true};
    boolean list =
        list(
            () -> {
              all[0] &= isObject();
              if (all[0]) {
                keep(keeper);
              } else {
                json.skipChildren();
              }
            });
    return list && all[0];
  }

  private void keep(Keeper keeper) throws IOException {
    long before = json.left + BYTES_OF_A_VALUE;
    JsonNode object = tree();
    long size = before - json.left;
    json.left = before;
    hold(keeper.keep(object, size));
  }

  /** Counts something that is held. */
  void hold(long bytes) throws TooLargeException {
    json.hold(bytes);
  }

  private JsonNode tree() throws IOException {
    return MAPPER.readTree(json);
  }

  @Override
  public void close() throws IOException {
    json.close();
  }

  /** Counts the values that are read; what is skipped goes past it. */
  private static final class Counting extends JsonParserDelegate {
    private long left;

    Counting(JsonParser parser, long limit) {
      super(parser);
      this.left = limit;
    }

    void hold(long bytes) throws TooLargeException {
      left -= bytes;
      if (left < 0) {
        throw new TooLargeException();
      }
    }

    @Override
    public @Nullable JsonToken nextToken() throws IOException {
      JsonToken token = super.nextToken();
      if (token != null && (token.isScalarValue() || token.isStructStart())) {
        hold(BYTES_OF_A_VALUE);
      }
      return token;
    }
  }
}
