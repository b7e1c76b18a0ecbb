/** The parts of Adaptive Cards 1.5 that Quarterdeck uses: https://adaptivecards.io/explorer/ */
export interface TextRun {
  readonly type: 'TextRun';
  readonly text: string;
  readonly weight?: 'Bolder';
  readonly size?: 'Small' | 'Large';
  readonly color?: 'Attention' | 'Warning';
  readonly fontType?: 'Monospace';
  readonly isSubtle?: true;
  readonly italic?: true;
  readonly selectAction?: OpenUrl;
}

export interface Line {
  readonly type: 'RichTextBlock';
  readonly inlines: readonly (string | TextRun)[];
  readonly spacing?: 'None' | 'Small';
}

export interface Container {
  readonly type: 'Container';
  readonly items: readonly Line[];
  readonly style?: 'emphasis' | 'accent' | 'good' | 'warning' | 'attention';
  readonly bleed?: true;
}

/** A part of a card's body. */
export type Element = Line | Container;

export interface ReasonInput {
  readonly type: 'Input.Text';
  readonly id: string;
  readonly label: string;
  readonly placeholder: string;
  readonly isMultiline: true;
  readonly maxLength: number;
  readonly isRequired: true;
  readonly errorMessage: string;
}

interface OpenUrl {
  readonly type: 'Action.OpenUrl';
  readonly title?: string;
  readonly url: string;
}

interface ActionBase {
  readonly title: string;
  readonly style?: 'positive' | 'destructive';
  /** Without `none`, a required input elsewhere on the card would have to be filled in first. */
  readonly associatedInputs?: 'none';
}

interface Submit extends ActionBase {
  readonly type: 'Action.Submit';
  readonly data: object;
}

export interface Execute extends ActionBase {
  readonly type: 'Action.Execute';
  readonly verb: string;
  readonly data: object;
  readonly fallback?: Submit;
}

export interface ShowCard {
  readonly type: 'Action.ShowCard';
  readonly title: string;
  readonly style?: 'positive' | 'destructive';
  readonly card: {
    readonly type: 'AdaptiveCard';
    readonly body: readonly (Line | ReasonInput)[];
    readonly actions: readonly Execute[];
  };
}

export type Action = OpenUrl | Execute | ShowCard;

export interface AdaptiveCard {
  readonly type: 'AdaptiveCard';
  readonly version: '1.5';
  readonly fallbackText: string;
  readonly msteams: { readonly width: 'Full' };
  readonly refresh?: { readonly action: Execute; readonly userIds: readonly string[] };
  readonly body: readonly Element[];
  readonly actions?: readonly Action[];
}
