// Tooltips: the pointer, or the arrow keys, move over a chart's points; what they stand for is shown beside
// them and said to screen readers. Everything is in the page without this script.
"use strict";
(function () {
    for (const svg of document.querySelectorAll("svg.chart")) {
        const dots = Array.from(svg.querySelectorAll("circle.dot"));
        if (dots.length === 0) continue;
        const texts = dots.map((dot) => dot.querySelector("title").textContent);
        for (const dot of dots) dot.querySelector("title").remove(); // or the browser's own tooltip shows, too
        const figure = svg.closest("figure");
        const said = figure.querySelector("figcaption");
        const tip = document.createElement("div");
        tip.className = "tip";
        tip.hidden = true;
        tip.setAttribute("aria-hidden", "true");
        figure.appendChild(tip);
        svg.setAttribute("tabindex", "0");
        const years = Array.from(new Set(dots.map((dot) => Number(dot.dataset.x)))).sort((a, b) => a - b);
        let shown = null;

        function show(year, aloud) {
            if (year === shown) return;
            shown = year;
            const parts = [];
            let anchor = null;
            dots.forEach((dot, i) => {
                const hit = Number(dot.dataset.x) === year;
                dot.classList.toggle("at", hit);
                if (!hit) return;
                parts.push(texts[i]);
                if (!anchor || dot.getBoundingClientRect().top < anchor.top) anchor = dot.getBoundingClientRect();
            });
            tip.textContent = parts.join("\n");
            tip.hidden = parts.length === 0;
            if (aloud) said.textContent = parts.join("; ");
            if (!anchor) return;
            const box = figure.getBoundingClientRect();
            const left = anchor.left - box.left + anchor.width / 2 - tip.offsetWidth / 2;
            const over = anchor.top - box.top - tip.offsetHeight - 8;
            tip.style.left = Math.max(0, Math.min(left, box.width - tip.offsetWidth)) + "px";
            tip.style.top = (over >= -8 ? over : anchor.bottom - box.top + 8) + "px";
        }
        function hide() {
            shown = null;
            tip.hidden = true;
            for (const dot of dots) dot.classList.remove("at");
        }
        svg.addEventListener("pointermove", (event) => {
            const box = svg.getBoundingClientRect();
            const x = (event.clientX - box.left) * svg.viewBox.baseVal.width / box.width;
            let best = null, far = 40;
            for (const dot of dots) {
                const d = Math.abs(dot.cx.baseVal.value - x);
                if (d < far) { far = d; best = Number(dot.dataset.x); }
            }
            if (best === null) hide(); else show(best, false);
        });
        svg.addEventListener("pointerleave", hide);
        svg.addEventListener("blur", hide);
        svg.addEventListener("focus", () => {
            if (svg.matches(":focus-visible")) show(years[years.length - 1], true);
        });
        svg.addEventListener("keydown", (event) => {
            const at = years.indexOf(shown);
            const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: years.length - 1 }[event.key];
            if (event.key === "Escape") hide();
            if (to === undefined) return;
            event.preventDefault();
            show(years[Math.max(0, Math.min(to, years.length - 1))], true);
        });
    }
})();
