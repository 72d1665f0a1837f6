// Remembers the language, sorts tables, filters tickets. The page is whole without it.
'use strict';
(function () {
  var title = document.querySelector('title');
  var choices = document.querySelectorAll('input.lang');
  function language() {
    return document.getElementById('lang-en').checked ? 'en' : 'zh';
  }
  function apply() {
    document.documentElement.lang = language();
    document.title = title.dataset[language()];
    try { localStorage.setItem('paidan-lang', language()); } catch (refused) { return; }
  }
  try {
    var kept = localStorage.getItem('paidan-lang');
    if (kept === 'zh' || kept === 'en') { document.getElementById('lang-' + kept).checked = true; }
  } catch (refused) { kept = null; }
  choices.forEach(function (choice) { choice.addEventListener('change', apply); });
  document.documentElement.lang = language();
  document.title = title.dataset[language()];

  function worth(row, column) {
    var cell = row.cells[column];
    return cell.dataset.sort === undefined ? cell.textContent.trim() : Number(cell.dataset.sort);
  }
  document.querySelectorAll('table.sortable').forEach(function (table) {
    table.querySelectorAll('thead th').forEach(function (head, column) {
      var button = document.createElement('button');
      button.type = 'button';
      button.append.apply(button, Array.from(head.childNodes));
      head.append(button);
      button.addEventListener('click', function () {
        var down = head.getAttribute('aria-sort') === 'ascending';
        var rows = Array.from(table.tBodies[0].rows);
        rows.sort(function (one, other) {
          var a = worth(one, column), b = worth(other, column);
          var order = typeof a === 'number' ? a - b : String(a).localeCompare(String(b), 'zh', { numeric: true });
          return down ? -order : order;
        });
        table.querySelectorAll('th[aria-sort]').forEach(function (th) { th.removeAttribute('aria-sort'); });
        head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
        table.tBodies[0].append.apply(table.tBodies[0], rows);
      });
    });
  });

  var tickets = document.querySelector('table.tickets');
  if (tickets) {
    var find = document.createElement('input');
    find.type = 'search';
    find.className = 'find';
    find.placeholder = '筛选 filter';
    find.setAttribute('aria-label', '筛选工单 filter tickets');
    find.addEventListener('input', function () {
      var wanted = find.value.trim().toLowerCase();
      Array.from(tickets.tBodies[0].rows).forEach(function (row) {
        row.hidden = wanted !== '' && row.textContent.toLowerCase().indexOf(wanted) === -1;
      });
    });
    document.querySelector('#tickets h2').after(find);
  }

  function unfold() {
    var row = document.getElementById(location.hash.slice(1));
    var steps = row && row.querySelector('details');
    if (steps) { steps.open = true; }
  }
  window.addEventListener('hashchange', unfold);
  unfold();

  function mark(target, on) {
    var bar = target.closest ? target.closest('a.bar') : null;
    if (!bar) { return; }
    document.querySelectorAll('a.bar[data-ticket="' + bar.dataset.ticket + '"]').forEach(function (same) {
      same.classList.toggle('same', on);
    });
  }
  ['mouseover', 'focusin'].forEach(function (kind) {
    document.addEventListener(kind, function (event) { mark(event.target, true); });
  });
  ['mouseout', 'focusout'].forEach(function (kind) {
    document.addEventListener(kind, function (event) { mark(event.target, false); });
  });
})();
