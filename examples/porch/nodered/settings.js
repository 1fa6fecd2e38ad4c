// Node-RED reads this once, at start.
module.exports = {
  flowFile: 'flows.json',
  flowFilePretty: true,
  credentialSecret: 'veranda-flows',
  uiPort: process.env.PORT || 1880,

  adminAuth: {
    type: 'credentials',
    users: [
      {
        username: 'mara',
        password: '$2b$08$5cf22b0d7585a3fd6014cuev8GHqXYYH9MOaPMR/9JxxdIdVQ1TeC',
        permissions: '*',
      },
    ],
  },

  diagnostics: { enabled: true, ui: true },
  logging: { console: { level: 'info', metrics: false, audit: false } },
  editorTheme: { projects: { enabled: false } },
};
