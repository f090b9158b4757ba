/** Options of commands, and what their words become: values that use cases take. */
@NullMarked
package org.spiredoctor.cli.options;

import org.jspecify.annotations.NullMarked;
