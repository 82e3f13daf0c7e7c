"use strict";
(function () {
	var root = document.documentElement;
	var button = document.getElementById("theme");
	var dark = window.matchMedia("(prefers-color-scheme: dark)");

	/* --- light and dark: the system's, until somebody chooses --- */

	/* A page out of a file may have no storage. */
	function stored(theme) {
		try {
			if (theme)
				window.localStorage.setItem("tare-theme", theme);
			return window.localStorage.getItem("tare-theme");
		} catch (e) {
			return null;
		}
	}
	function isDark() {
		return root.dataset.theme ? root.dataset.theme === "dark" : dark.matches;
	}
	function label() {
		button.textContent = isDark() ? "Light" : "Dark";
		button.setAttribute("aria-label",
			isDark() ? "Show the page light" : "Show the page dark");
	}
	var theme = stored(null);
	if (theme === "light" || theme === "dark")
		root.dataset.theme = theme;
	button.hidden = false;
	button.addEventListener("click", function () {
		root.dataset.theme = isDark() ? "light" : "dark";
		stored(root.dataset.theme);
		label();
	});
	dark.addEventListener("change", label);
	label();

	/* --- tables --- */

	var scales = {n: 1e-9, "\u00b5": 1e-6, m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12,
		Ki: 1024, Mi: 1048576, Gi: 1073741824};

	/* "12.5 % slower" → 12.5, "1.52 µs" → 1.52e-6, "8 times faster" → -8: what a column
	 * is sorted by; NaN: text. Slower counts up, so that costs sort as costs. */
	function number(text) {
		var m = /^(?:emulated: )?[\u00b1~<]?\s*([-\u2212]?\d+(?:\.\d+)?(?:e[-+]?\d+)?)(?:\s+(Ki|Mi|Gi|[n\u00b5mkMGT])?(s|B\/s|IOPS|B|Hz)?(?=\s|[,;(]|$))?/
			.exec(text);
		var value;

		if (!m)
			return NaN;
		value = Number(m[1].replace("\u2212", "-"));
		if (m[2] && (m[3] || m[2] === "k" || m[2] === "M"))
			value *= scales[m[2]];
		if (/^[^,;]* faster/.test(text))
			value = -value;
		if (/\d times (slower|faster)/.test(text))
			value = value > 0 ? 100 * (1 - 1 / value) : 100 * (1 + value);
		return value;
	}
	function textOf(row, column) {
		return row.cells[column] ? row.cells[column].textContent.trim() : "";
	}
	/* Numbers before texts, what is not known last in either direction. */
	function compare(a, b, sign) {
		var x = number(a), y = number(b);

		if (a === "\u2013" || b === "\u2013")
			return (a === "\u2013") - (b === "\u2013");
		if (!isNaN(x) && !isNaN(y))
			return sign * (x - y);
		if (isNaN(x) !== isNaN(y))
			return isNaN(x) - isNaN(y);
		return sign * a.localeCompare(b, "en", {numeric: true});
	}
	/* Rows whose first cell repeats belong together: a line above the first of them. */
	function rule(body) {
		var last = null;

		Array.from(body.rows).forEach(function (row) {
			row.classList.toggle("next", textOf(row, 0) !== last);
			last = textOf(row, 0);
		});
	}
	function sort(table, column) {
		var body = table.tBodies[0], head = table.tHead.rows[0].cells;
		var was = head[column].getAttribute("aria-sort");
		var now = was === "ascending" ? "descending" :
			was === "descending" ? "none" : "ascending";
		var sign = now === "descending" ? -1 : 1;
		var rows = table.tareRows.slice();

		if (now !== "none")
			rows.sort(function (a, b) {
				return compare(textOf(a, column), textOf(b, column), sign);
			});
		Array.from(head).forEach(function (cell, i) {
			cell.setAttribute("aria-sort", i === column ? now : "none");
		});
		rows.forEach(function (row) { body.appendChild(row); });
		rule(body);
	}
	function prepare(table) {
		table.tareRows = Array.from(table.tBodies[0].rows);
		Array.from(table.tHead.rows[0].cells).forEach(function (cell, column) {
			var by = document.createElement("button");

			by.type = "button";
			by.title = "Sort by this column";
			while (cell.firstChild)
				by.appendChild(cell.firstChild);
			by.addEventListener("click", function () { sort(table, column); });
			cell.appendChild(by);
			cell.setAttribute("aria-sort", "none");
		});
	}
	Array.from(document.querySelectorAll("main table")).forEach(function (table) {
		if (table.tHead && table.tBodies[0] && table.tBodies[0].rows.length > 2)
			prepare(table);
	});

	/* What scrolls must be reached by the keyboard; what does not is no stop. */
	function stops() {
		Array.from(document.querySelectorAll(".scroll, figure, pre")).forEach(
			function (box) {
				if (box.scrollWidth > box.clientWidth)
					box.tabIndex = 0;
				else
					box.removeAttribute("tabindex");
			});
	}
	window.addEventListener("resize", stops);
	stops();
})();
