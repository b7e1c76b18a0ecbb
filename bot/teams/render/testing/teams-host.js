// Runs in the browser: draws a card as Teams' own client would be set up to, and keeps what is sent.
(() => {
  const { AdaptiveCard, HostConfig } = globalThis.AdaptiveCards;
  const ink = (colour) => ({ default: colour, subtle: colour });
  const foregroundColors = {
    default: { default: '#242424', subtle: '#616161' },
    attention: ink('#b10e1c'),
    warning: ink('#835b00'),
    good: ink('#0e700e'),
    accent: ink('#444791'),
  };
  const style = (backgroundColor) => ({ backgroundColor, foregroundColors });

  const host = new HostConfig({
    fontFamily: '"Segoe UI", system-ui, sans-serif',
    fontSizes: { small: 12, default: 14, medium: 14, large: 18, extraLarge: 24 },
    fontWeights: { lighter: 200, default: 400, bolder: 600 },
    spacing: { small: 8, default: 12, medium: 16, large: 20, extraLarge: 24, padding: 16 },
    actions: { maxActions: 6, actionsOrientation: 'horizontal', actionAlignment: 'left', buttonSpacing: 8 },
    supportsInteractivity: true,
    containerStyles: {
      default: style('#ffffff'),
      emphasis: style('#f0f0f0'),
      accent: style('#e8ebfa'),
      good: style('#e7f2da'),
      attention: style('#fdf3f4'),
      warning: style('#fbf6d9'),
    },
  });

  const state = { fired: [], markdown: [], errors: [] };
  // Markdown is on, as it is in Teams: whatever text is given to it is kept, for none should be.
  AdaptiveCard.onProcessMarkdown = (text, result) => {
    state.markdown.push(text);
    result.outputHtml = text;
    result.didProcess = true;
  };

  globalThis.teams = {
    state,
    draw(json) {
      Object.assign(state, { fired: [], markdown: [], errors: [] });
      const card = new AdaptiveCard();
      card.hostConfig = host;
      card.onExecuteAction = (action) => {
        const { title, verb, data, url } = action;
        state.fired.push({ type: action.getJsonTypeName(), title, verb, data, url });
      };
      card.parse(json);
      state.errors.push(...card.validateProperties().validationEvents.map(({ message }) => message));
      document.querySelector('main').replaceChildren(card.render());
    },
  };
})();
