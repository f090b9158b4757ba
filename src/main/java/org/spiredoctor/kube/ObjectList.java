package org.spiredoctor.kube;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Objects of a cluster, of which thousands take little room: the tree of a pod takes 20 KiB, its
 * JSON beside that of its like, compressed, a few hundred bytes. They are read one after the other,
 * mostly once; each time others are made of the same text, equal to those that were added.
 */
public final class ObjectList extends AbstractList<JsonNode> implements RandomAccess {
  /** Fewer stay as they are. */
  private static final int TOGETHER = 256;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          // Half a surrogate pair, which only escapes can hold, must come back as it is.
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .build();

  private final List<byte[]> packed;
  private final List<JsonNode> loose;
  private volatile @Nullable Unpacked last;

  /** The objects that were read last, as the next one is likely among them. */
  private record Unpacked(int index, List<JsonNode> objects) {}

  private ObjectList(List<byte[]> packed, List<JsonNode> loose) {
    this.packed = packed;
    this.loose = loose;
  }

  /** What was collected somewhere. */
  public static ObjectList of(Iterable<? extends JsonNode> objects) {
    Collector all = new Collector();
    objects.forEach(all::add);
    return all.list();
  }

  @Override
  public int size() {
    return packed.size() * TOGETHER + loose.size();
  }

  @Override
  public JsonNode get(int index) {
    Objects.checkIndex(index, size());
    int pack = index / TOGETHER;
    List<JsonNode> objects = pack < packed.size() ? unpacked(pack) : loose;
    return objects.get(index % TOGETHER);
  }

  private List<JsonNode> unpacked(int pack) {
    Unpacked now = last;
    if (now == null || now.index() != pack) {
      now = new Unpacked(pack, unpack(packed.get(pack)));
      last = now;
    }
    return now.objects();
  }

  /** What comes one by one. */
  public static final class Collector {
    private final List<byte[]> packed = new ArrayList<>();
    private List<JsonNode> loose = new ArrayList<>();

    /** One more. */
    public void add(JsonNode object) {
      loose.add(object);
      if (loose.size() == TOGETHER) {
        packed.add(pack(loose));
        loose = new ArrayList<>();
      }
    }

    /** How many there are so far. */
    public int size() {
      return packed.size() * TOGETHER + loose.size();
    }

    /** All of them; nothing is added afterwards. */
    public ObjectList list() {
      return new ObjectList(List.copyOf(packed), List.copyOf(loose));
    }
  }

  private static byte[] pack(List<JsonNode> objects) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    try (JsonGenerator json =
        MAPPER.createGenerator(new DeflaterOutputStream(bytes, deflater, 8 * 1024))) {
      for (JsonNode object : objects) {
        MAPPER.writeTree(json, object);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      deflater.end();
    }
    return bytes.toByteArray();
  }

  private static List<JsonNode> unpack(byte[] bytes) {
    List<JsonNode> objects = new ArrayList<>(TOGETHER);
    try (JsonParser json =
        MAPPER.createParser(new InflaterInputStream(new ByteArrayInputStream(bytes)))) {
      while (json.nextToken() != null) {
        objects.add(MAPPER.<JsonNode>readTree(json));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return objects;
  }
}
