let seen = 0;

function initialsOf(name) {
  return name
    .split(/\s+/)
    .map(([first]) => first.toUpperCase())
    .join('');
}

globalThis.transform = (customer) => {
  seen += 1;
  return { number: seen, initials: initialsOf(customer.name), ...customer };
};
