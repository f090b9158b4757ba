/** Renderers of a report. */
@NullMarked
package org.spiredoctor.report;

import org.jspecify.annotations.NullMarked;
