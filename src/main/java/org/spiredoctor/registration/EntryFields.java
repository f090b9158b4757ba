package org.spiredoctor.registration;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.spiredoctor.registration.EntryField.Form;

/** The fields of one entry, whatever form it has. */
final class EntryFields {
  /** What SPIRE's JSON has beside the wishes: what a server made of them. */
  private static final Set<String> OF_THE_SERVER =
      Set.of("entry_id", "revision_number", "created_at");

  /** Which controller manager takes the manifest. */
  private static final Set<String> OF_THE_MANAGER = Set.of("className");

  /** No entry needs as many; lists that are shared by aliases would make much of little. */
  private static final int MOST_ITEMS = 1000;

  private final Form form;
  private final Fields fields;

  /** Where SPIRE's JSON has some fields; the same as {@link #fields} in the others. */
  private final Optional<Fields> attributes;

  EntryFields(Form form, Fields fields) {
    this.form = form;
    this.fields = fields;
    this.attributes =
        form == Form.SPIRE_JSON
            ? fields.get(EntryField.ATTRIBUTES).flatMap(Value::fields)
            : Optional.of(fields);
  }

  Form form() {
    return form;
  }

  void refuseUnknown() {
    fields.refuseOthers(
        EntryField.names(form),
        switch (form) {
          case REGISTRATIONS -> Set.of();
          case STATIC_ENTRY -> OF_THE_MANAGER;
          case SPIRE_JSON -> OF_THE_SERVER;
        });
    if (form == Form.SPIRE_JSON) {
      attributes.ifPresent(a -> a.refuseOthers(EntryField.attributeNames(), Set.of()));
    }
  }

  String name(EntryField field) {
    return field.in(form);
  }

  Optional<Value> get(EntryField field) {
    return switch (field) {
      case JWT_SVID_INCLUDE_JTI, DISABLE_X509_SVID_PREFETCH ->
          attributes.flatMap(a -> a.get(name(field)));
      default -> fields.get(name(field));
    };
  }

  /** Its value; where it is not given, that is a problem. */
  Optional<Value> required(EntryField field, String what) {
    return fields.required(name(field), what);
  }

  <T> Optional<T> parsed(EntryField field, Value.Parser<T> parser) {
    return get(field).flatMap(value -> value.parsed(parser));
  }

  /** The items of a list; none where it is not given. */
  List<Value> items(EntryField field) {
    List<Value> items = get(field).map(Value::items).orElse(List.of());
    if (items.size() > MOST_ITEMS) {
      wrong(field, "is too long; at most " + MOST_ITEMS + " are read");
      return List.of();
    }
    return items;
  }

  /** The items of a list that are right. */
  <T> List<T> list(EntryField field, Value.Parser<T> parser) {
    return items(field).stream().flatMap(item -> item.parsed(parser).stream()).toList();
  }

  boolean flag(EntryField field) {
    return get(field).map(Value::flag).orElse(false);
  }

  /** Notes a problem with a field that is given. */
  void wrong(EntryField field, String text) {
    get(field).ifPresent(value -> value.wrong(text));
  }
}
